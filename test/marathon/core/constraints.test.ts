import { describe, expect, it } from 'vitest';
import { Placement, satisfies } from '../../../src/marathon/core/matcher/constraints.ts';
import type { Constraint } from '../../../src/marathon/definitions/constraint.ts';
import { fieldValue, type OfferedAgent, scalarText } from '../../../src/mesos/agent-fields.ts';

const agent = (hostname: string, more: Partial<OfferedAgent> = {}): OfferedAgent => ({
  id: hostname,
  hostname,
  attributes: [],
  ...more,
});

const inRack = (hostname: string, rack: string): OfferedAgent =>
  agent(hostname, { attributes: [{ name: 'rack', type: 'TEXT', text: { value: rack } }] });

/** Whether one more of `instances` may go to `to`, when the others are on `placed`. */
const fits = (
  constraint: Constraint,
  to: OfferedAgent,
  placed: OfferedAgent[] = [],
  instances = 10,
): boolean => satisfies(constraint, to, new Placement([constraint], placed), instances);

describe('constraints', () => {
  it('UNIQUE allows one instance per value', () => {
    expect(fits(['hostname', 'UNIQUE'], agent('a'))).toBe(true);
    expect(fits(['hostname', 'UNIQUE'], agent('a'), [agent('b')])).toBe(true);
    expect(fits(['@hostname', 'UNIQUE'], agent('a'), [agent('a')])).toBe(false);
    expect(fits(['rack', 'UNIQUE'], inRack('b', '1'), [inRack('a', '1')])).toBe(false);
  });

  it('CLUSTER keeps to the value given, or to that of the first instance', () => {
    expect(fits(['rack', 'CLUSTER', '1'], inRack('a', '1'))).toBe(true);
    expect(fits(['rack', 'CLUSTER', '1'], inRack('a', '2'))).toBe(false);
    expect(fits(['rack', 'CLUSTER'], inRack('a', '2'))).toBe(true);
    expect(fits(['rack', 'CLUSTER'], inRack('b', '2'), [inRack('a', '2')])).toBe(true);
    expect(fits(['rack', 'CLUSTER'], inRack('b', '1'), [inRack('a', '2')])).toBe(false);
  });

  it('LIKE and UNLIKE look at the whole value', () => {
    expect(fits(['hostname', 'LIKE', 'node-[0-9]+'], agent('node-12'))).toBe(true);
    expect(fits(['hostname', 'LIKE', 'node'], agent('node-12'))).toBe(false);
    expect(fits(['hostname', 'LIKE', 'a|b'], agent('ab'))).toBe(false);
    expect(fits(['hostname', 'UNLIKE', 'node-.*'], agent('node-12'))).toBe(false);
    expect(fits(['hostname', 'UNLIKE', 'node'], agent('node-12'))).toBe(true);
  });

  it('MAX_PER allows so many per value', () => {
    expect(fits(['hostname', 'MAX_PER', '2'], agent('a'), [agent('a')])).toBe(true);
    expect(fits(['hostname', 'MAX_PER', '2'], agent('a'), [agent('a'), agent('a')])).toBe(false);
  });

  it('IS compares text as text and numbers as numbers', () => {
    const scalar = agent('a', { attributes: [{ name: 'level', type: 'SCALAR', scalar: { value: 3 } }] });
    expect(fits(['rack', 'IS', '1'], inRack('a', '1'))).toBe(true);
    expect(fits(['level', 'IS', '3.0'], scalar)).toBe(true);
    expect(fits(['level', 'IS', '3.1'], scalar)).toBe(false);
  });

  it('only UNLIKE passes an agent without the attribute', () => {
    const operators: Constraint[] = [
      ['rack', 'UNIQUE'],
      ['rack', 'CLUSTER'],
      ['rack', 'GROUP_BY'],
      ['rack', 'LIKE', '.*'],
      ['rack', 'MAX_PER', '5'],
      ['rack', 'IS', 'x'],
    ];
    for (const constraint of operators) expect(fits(constraint, agent('a'))).toBe(false);
    expect(fits(['rack', 'UNLIKE', '.*'], agent('a'))).toBe(true);
  });

  it('looks at the region and the zone of an agent', () => {
    const there = agent('a', { region: 'eu', zone: 'eu-1' });
    expect(fits(['@region', 'IS', 'eu'], there)).toBe(true);
    expect(fits(['@zone', 'UNIQUE'], there, [agent('b', { zone: 'eu-1' })])).toBe(false);
    expect(fits(['@zone', 'UNIQUE'], agent('c'))).toBe(false);
  });

  describe('GROUP_BY', () => {
    const racks = (...values: string[]): OfferedAgent[] =>
      values.map((rack, index) => inRack(`h${index}`, rack));

    it('gives each group its share, and what remains to some of them', () => {
      const constraint: Constraint = ['rack', 'GROUP_BY', '3'];
      // 7 instances over 3 groups: 3, 2 and 2.
      expect(fits(constraint, inRack('x', '1'), racks('1'), 7)).toBe(true);
      expect(fits(constraint, inRack('x', '1'), racks('1', '1'), 7)).toBe(true);
      expect(fits(constraint, inRack('x', '1'), racks('1', '1', '1'), 7)).toBe(false);
      expect(fits(constraint, inRack('x', '2'), racks('1', '1', '1', '2', '2'), 7)).toBe(false);
      expect(fits(constraint, inRack('x', '3'), racks('1', '1', '1', '2', '2'), 7)).toBe(true);
    });

    it('reckons with the values that it sees when no number is given', () => {
      const constraint: Constraint = ['rack', 'GROUP_BY'];
      const agents = racks('1', '2');
      const placement = new Placement([constraint], [inRack('a', '1')], agents);
      expect(satisfies(constraint, inRack('b', '1'), placement, 2)).toBe(false);
      expect(satisfies(constraint, inRack('b', '2'), placement, 2)).toBe(true);
    });
  });

  it('prints attributes as Marathon does', () => {
    const attributes: OfferedAgent['attributes'] = [
      {
        name: 'ports',
        type: 'RANGES',
        ranges: {
          range: [
            { begin: 9, end: 12 },
            { begin: 1, end: 3 },
          ],
        },
      },
      { name: 'tags', type: 'SET', set: { item: ['b', 'a'] } },
    ];
    expect(fieldValue(agent('a', { attributes }), 'ports')).toBe('[1-3,9-12]');
    expect(fieldValue(agent('a', { attributes }), 'tags')).toBe('{a,b}');
    expect([3, 0.5, 1.2345, 2.0005, 2.0015, 1 / 3].map(scalarText)).toEqual([
      '3',
      '0.5',
      '1.234',
      '2',
      '2.002',
      '0.333',
    ]);
  });
});
