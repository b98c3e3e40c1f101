import { describe, expect, it } from 'vitest';
import { agentConstraintOf } from '../../../src/master/allocator/offer-constraints.ts';
import { textPattern } from '../../../src/master/allocator/text-pattern.ts';
import type { AgentInfo } from '../../../src/mesos/generated/mesos.ts';
import type {
  AttributeConstraint,
  AttributeConstraintPredicate,
} from '../../../src/mesos/generated/scheduler.ts';
import { parseAttributes } from '../../../src/mesos/resources/parse-text.ts';
import { Scenario } from './scenario.ts';

const AGENT: AgentInfo = {
  hostname: 'node-1.example',
  attributes: parseAttributes('rack:r1;rack:r2;level:3;zones:{a,b}'),
  domain: { fault_domain: { region: { name: 'eu' }, zone: { name: 'eu-1' } } },
};

const holds = (attributeName: string, predicate: AttributeConstraintPredicate): boolean =>
  agentConstraintOf([
    { attribute_constraints: [{ selector: { attribute_name: attributeName }, predicate }] },
  ])(AGENT);

describe('offer constraints', () => {
  it('ask whether an attribute is there', () => {
    expect(holds('rack', { exists: {} })).toBe(true);
    expect(holds('row', { exists: {} })).toBe(false);
    expect(holds('rack', { not_exists: {} })).toBe(false);
    expect(holds('row', { not_exists: {} })).toBe(true);
  });

  it('compare the text of the first attribute of a name', () => {
    expect(holds('rack', { text_equals: { value: 'r1' } })).toBe(true);
    expect(holds('rack', { text_equals: { value: 'r2' } })).toBe(false);
    expect(holds('rack', { text_not_equals: { value: 'r2' } })).toBe(true);
    expect(holds('rack', { text_matches: { regex: 'r[0-9]+' } })).toBe(true);
    expect(holds('rack', { text_matches: { regex: 'r' } })).toBe(false);
    expect(holds('rack', { text_not_matches: { regex: 'r' } })).toBe(true);
  });

  it('let values that are no texts pass whatever is asked of texts', () => {
    for (const name of ['level', 'zones']) {
      expect(holds(name, { text_equals: { value: 'x' } })).toBe(true);
      expect(holds(name, { text_not_equals: { value: 'x' } })).toBe(true);
      expect(holds(name, { text_matches: { regex: 'x' } })).toBe(true);
      expect(holds(name, { text_not_matches: { regex: 'x' } })).toBe(true);
    }
  });

  it('take a missing attribute for one that is different', () => {
    expect(holds('row', { text_equals: { value: '' } })).toBe(false);
    expect(holds('row', { text_not_equals: { value: '' } })).toBe(true);
    expect(holds('row', { text_matches: { regex: '.*' } })).toBe(false);
    expect(holds('row', { text_not_matches: { regex: '.*' } })).toBe(true);
  });

  it('can be about the host name, region and zone', () => {
    const equals = (
      pseudoattribute_type: 'HOSTNAME' | 'REGION' | 'ZONE',
      value: string,
    ): AttributeConstraint => ({
      selector: { pseudoattribute_type },
      predicate: { text_equals: { value } },
    });
    const all = [equals('HOSTNAME', 'node-1.example'), equals('REGION', 'eu'), equals('ZONE', 'eu-1')];
    expect(agentConstraintOf([{ attribute_constraints: all }])(AGENT)).toBe(true);
    expect(agentConstraintOf([{ attribute_constraints: [equals('ZONE', 'us-1')] }])(AGENT)).toBe(false);
    expect(agentConstraintOf([{ attribute_constraints: [equals('REGION', '')] }])({ hostname: 'x' })).toBe(
      false,
    );
  });

  it('have all to hold in one of the groups', () => {
    const yes = { selector: { attribute_name: 'rack' }, predicate: { exists: {} } };
    const no = { selector: { attribute_name: 'rack' }, predicate: { not_exists: {} } };
    const groups = (...lists: AttributeConstraint[][]) =>
      agentConstraintOf(lists.map((attribute_constraints) => ({ attribute_constraints })))(AGENT);
    expect(groups([yes, no])).toBe(false);
    expect(groups([yes, no], [yes])).toBe(true);
  });

  it('keep agents from the roles that they are for, until they change', () => {
    const cluster = new Scenario();
    const predicate = { text_equals: { value: 'r2' } };
    const constraint = { selector: { attribute_name: 'rack' }, predicate };
    const role_constraints = { r: { groups: [{ attribute_constraints: [constraint] }] } };
    cluster.addFramework('f@r,s', { offerConstraints: { role_constraints }, suppressedRoles: ['s'] });
    expect(cluster.addAgent('A', 'cpus:1;mem:512', { info: AGENT })).toEqual([]);
    const info = { hostname: 'x', attributes: parseAttributes('rack:r2') };
    expect(cluster.updateAgent('A', { info })).toEqual(['A->f@r']);
    cluster.giveAllBack('A->f@r');
    cluster.updateAgent('A', { info: AGENT });
    expect(cluster.tick()).toEqual([]);
    cluster.updateFramework('f@r,s', { offerConstraints: { role_constraints } });
    expect(cluster.tick()).toEqual(['A->f@s']);
  });
});

describe('patterns of texts', () => {
  it.each([
    ['', [], ['a']],
    ['a|bc|', ['a', 'bc', ''], ['ab', 'c']],
    ['(a|b)*c', ['c', 'ababc'], ['ab', 'abcc']],
    ['a+b?', ['a', 'aab'], ['', 'b', 'abb']],
    ['(?:ab){2,3}', ['abab', 'ababab'], ['ab', 'abababab']],
    ['a{2}', ['aa'], ['a', 'aaa']],
    ['a{2,}', ['aa', 'aaaaa'], ['a']],
    ['a{,2}', ['a{,2}'], ['aa']],
    ['a*?b+?c??', ['aabb', 'bc'], ['ac']],
    ['.', ['x', 'é', '😀'], ['', '\n', 'xx']],
    ['(?s).', ['\n'], []],
    ['[a-c]x[^a-c]', ['axd', 'bxx'], ['dxd', 'axa']],
    ['[]a-]+', [']a-'], ['b']],
    ['[\\d_][\\D]', ['1a', '_a'], ['11']],
    ['[[:alpha:]]+[[:^digit:]]', ['ab', 'a-'], ['a1', '1a']],
    ['\\w+\\s\\S\\W', ['ab c!'], ['ab cd']],
    ['\\x41\\x{1F600}\\.\\t', ['A😀.\t'], ['A😀x\t']],
    ['(?i)aB[x-z]', ['ABX', 'aby'], ['abw']],
    ['a(?i)b', ['aB', 'ab'], ['Ab']],
    ['(?i:a)b', ['Ab'], ['AB']],
    ['(?P<name>a)(?<other>b)', ['ab'], ['b']],
    ['^a$', ['a'], ['ab']],
    ['a^b', [], ['ab', 'a^b']],
    ['(?m)a$\\n^b', ['a\nb'], ['ab']],
    ['\\Aa\\z', ['a'], ['aa']],
    ['a\\b-\\B-', ['a--'], ['a-']],
    ['{', ['{'], ['']],
    ['(()|a)*', ['', 'aa'], ['b']],
  ] as const)('%s matches all of a text or does not', (regex, yes, no) => {
    const matches = textPattern(regex);
    for (const text of yes) expect(matches(text), text).toBe(true);
    for (const text of no) expect(matches(text), text).toBe(false);
  });

  it.each([
    '(',
    ')',
    '[a',
    'a**',
    '+a',
    'a{3,2}',
    'a{2000}',
    '(?=a)',
    '(?<=a)b',
    'a\\',
    '\\1',
    '[b-a]',
    '[[:x:]]',
    '(a{1000}){1000}',
    '('.repeat(1000),
  ])('%s is no pattern', (regex) => {
    expect(() => textPattern(regex)).toThrow(Error);
  });

  it('take time in proportion to the text, also those that drive other engines mad', () => {
    const matches = textPattern('(a*)*(a|a?)+b');
    expect(matches('a'.repeat(20_000))).toBe(false);
    expect(matches(`${'a'.repeat(20_000)}b`)).toBe(true);
  });
});
