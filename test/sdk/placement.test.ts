import { expect, it } from 'vitest';
import { type Place, placementRefusal } from '../../src/sdk/service/placement.ts';
import { readPlacement } from '../../src/sdk/service/placement-text.ts';

const place = (hostname: string, rack?: string): Place => ({
  hostname,
  attributes: rack === undefined ? {} : { rack },
});

it.each([
  ['UNIQUE takes a host that is free', [['hostname', 'UNIQUE']], place('a'), [place('b')], true],
  ['UNIQUE refuses a host that is taken', [['hostname', 'UNIQUE']], place('a'), [place('a')], false],
  ['UNIQUE refuses an agent without the attribute', [['rack', 'UNIQUE']], place('a'), [], false],
  ['MAX_PER takes so many', [['rack', 'MAX_PER', '2']], place('a', 'r'), [place('b', 'r')], true],
  ['MAX_PER refuses more', [['rack', 'MAX_PER', '1']], place('a', 'r'), [place('b', 'r')], false],
  ['CLUSTER takes its value', [['rack', 'CLUSTER', 'r1']], place('a', 'r1'), [], true],
  ['CLUSTER refuses another', [['rack', 'CLUSTER', 'r1']], place('a', 'r2'), [], false],
  ['IS is exact', [['rack', 'IS', 'r']], place('a', 'r1'), [], false],
  ['LIKE matches the whole', [['rack', 'LIKE', 'r[12]']], place('a', 'r1'), [], true],
  ['LIKE refuses a part', [['rack', 'LIKE', 'r']], place('a', 'r1'), [], false],
  ['UNLIKE refuses what matches', [['rack', 'UNLIKE', 'r.']], place('a', 'r1'), [], false],
  ['UNLIKE takes an agent without the attribute', [['rack', 'UNLIKE', 'r.']], place('a'), [], true],
  [
    'GROUP_BY takes a group that is empty',
    [['rack', 'GROUP_BY', '2']],
    place('a', 'y'),
    [place('b', 'x')],
    true,
  ],
  [
    'GROUP_BY waits for the other group',
    [['rack', 'GROUP_BY', '2']],
    place('a', 'x'),
    [place('b', 'x')],
    false,
  ],
  [
    'all must be met',
    [
      ['rack', 'IS', 'r'],
      ['hostname', 'UNIQUE'],
    ],
    place('a', 'r'),
    [place('a', 'r')],
    false,
  ],
] as const)('%s', (_what, constraints, here, others, isTaken) => {
  const refusal = placementRefusal(readPlacement(constraints), here, others);
  expect(refusal === undefined).toBe(isTaken);
});

it('reads constraints from JSON text, and none from an empty one', () => {
  expect(readPlacement('[["@hostname", "UNIQUE"]]')).toEqual([
    { field: 'hostname', operator: 'UNIQUE', value: undefined },
  ]);
  expect(readPlacement('')).toEqual([]);
  expect(() => readPlacement('{')).toThrow('is not JSON');
  expect(() => readPlacement([['rack', 'LIKE', '(']])).toThrow('regular expression');
});
