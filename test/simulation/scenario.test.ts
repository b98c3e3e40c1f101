import { describe, expect, it } from 'vitest';
import { entitledShares, jainIndex } from '../../src/simulation/report/entitled-shares.ts';
import { Histogram } from '../../src/simulation/report/histogram.ts';
import { parseScenario } from '../../src/simulation/scenario/parse-scenario.ts';
import { planScenario } from '../../src/simulation/scenario/plan-scenario.ts';
import { parseSelector } from '../../src/simulation/scenario/selector.ts';

const plan = (text: string, assignments: { path: string[]; value: unknown }[] = []) =>
  planScenario(parseScenario({ name: 's.yaml', text }, assignments), 's.yaml');

const laughs = `a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
e: [*d, *d, *d, *d, *d, *d, *d, *d, *d]`;

describe('a scenario that is wrong', () => {
  it.each([
    [
      'agents:\n  - {name: a, cuont: 3, resources: {cpus: 1}}',
      's.yaml:2:15: /agents/0/cuont: is not known here; did you mean count?',
    ],
    ['agents:\n  - {name: a, count: -1, resources: {cpus: 1}}', 's.yaml:2:22: /agents/0/count: must be >= 0'],
    ['agents: [{name: a, count: 1000000000, resources: {cpus: 1}}]', '/agents/0/count: must be <= 100000'],
    [
      'agents: [{name: a, count: 60000, resources: {cpus: 1}}, {name: b, count: 60000, resources: {cpus: 1}}]',
      '/agents: are 120000 agents, at most 100000 can be',
    ],
    ['agents: [{name: a, resources: {cpus: .nan}}]', '/agents/0/resources/cpus: must be'],
    ['agents: [{name: a, resources: {cpus: .inf}}]', '/agents/0/resources/cpus: must be'],
    ['agents: [{name: a, resources: "cpus:many"}]', "/agents/0/resources: 'cpus:many' has no number"],
    [
      'agents: [{name: a, resources: {cpus: 1}}, {name: a, resources: {cpus: 1}}]',
      '/agents/1/name: is the name of another class',
    ],
    ['until: 5 minutes', '/until: does not have the form that is expected: A length of time'],
    ['until: 0s', '/until: must be over 0'],
    ['until: 9d\nsample: 1ms', 's.yaml:2:9: /sample: makes over 10000 points'],
    [
      'frameworks: [{name: f, tasks: [{resources: {cpus: 0}}]}]',
      '/frameworks/0/tasks/0/resources: needs nothing at all',
    ],
    [
      'frameworks: [{name: f, tasks: [{resources: {cpus: 1}, arrivals: {constant: 99999999/s}}]}]',
      '/frameworks/0/tasks/0/arrivals: are more than',
    ],
    [
      'frameworks: [{name: f, tasks: [{resources: {cpus: 1}, arrivals: {burst: {count: 5, every: 0s}}}]}]',
      '/frameworks/0/tasks/0/arrivals: are more than',
    ],
    [
      'frameworks: [{name: f, tasks: [{resources: {cpus: 1}, constraints: [[hostname, ONLY]]}]}]',
      '/constraints/0: has no operator of UNIQUE',
    ],
    ['timeline: [{at: 1m, kill: all, drain: all}]', '/timeline/0: must have one of'],
    ['timeline: [{at: 1m}]', '/timeline/0: must have one of'],
    ['timeline: [{at: 1m, kill: rack}]', '"rack" selects no agents'],
    ['timeline: [{at: 1m, scale: {app: /a, instances: 2}}]', 'scales an app, and there is no marathon'],
    ['agents: [', 's.yaml:1:'],
    ['a: &a [*a]', 's.yaml: has aliases that contain themselves, or make too much of it'],
    [laughs, 's.yaml: has aliases that contain themselves, or make too much of it'],
    ['5', 's.yaml:1:1: must be object'],
  ])('is refused with the place and what was expected: %s', (text, message) => {
    expect(() => plan(text)).toThrow(message);
  });
});

describe('a scenario', () => {
  it('deals values of lists out to its agents in turn', () => {
    const { agents } = plan(
      'agents: [{name: n, count: 3, resources: {cpus: 1}, region: eu, zone: [a, b], attributes: {rack: [r1, r2]}}]',
    );
    expect(
      agents.map(({ hostname, zone, attributes }) => [hostname, zone, attributes[0]?.text?.value]),
    ).toEqual([
      ['n-1', 'a', 'r1'],
      ['n-2', 'b', 'r2'],
      ['n-3', 'a', 'r1'],
    ]);
  });

  it('takes values from the command line, and names what they break', () => {
    const text = 'agents: [{name: n, resources: {cpus: 1}}]';
    const { agents, seed } = plan(text, [
      { path: ['agents', 'n', 'count'], value: 5 },
      { path: ['seed'], value: 9 },
    ]);
    expect([agents.length, seed]).toEqual([5, 9]);
    expect(() => plan(text, [{ path: ['agents', 'm', 'count'], value: 5 }])).toThrow('is not known here');
  });

  it('selects agents by attributes and globs', () => {
    const agent = {
      hostname: 'web-eu-7',
      className: 'web',
      attributes: [{ name: 'rack', type: 'TEXT' as const, text: { value: 'r1' } }],
    };
    const matches = (text: string): boolean | undefined => parseSelector(text)?.matches(agent);
    expect(['all', 'rack=r1', 'hostname=web-*-7', 'class=web,rack=r*'].map(matches)).toEqual(
      Array(4).fill(true),
    );
    expect(['rack=r2', 'hostname=*-8', 'class=web,rack=x', 'zone=a'].map(matches)).toEqual(
      Array(4).fill(false),
    );
    expect(parseSelector('rack')).toBeUndefined();
  });
});

describe('what is fair', () => {
  const sharer = (weight: number, demand: Record<string, number>) => ({
    weight,
    demand,
    guaranteedPart: 0,
    limitedPart: 1,
  });

  it('is by the dominant share, by weight, and never more than is asked for', () => {
    const capacity = { cpus: 9, mem: 18 };
    // A wants <1, 4> again and again, B <3, 1>.
    const [a, b] = entitledShares(
      [sharer(1, { cpus: 100, mem: 400 }), sharer(1, { cpus: 300, mem: 100 })],
      capacity,
    );
    expect([a, b].map((share) => share?.toFixed(3))).toEqual(['0.667', '0.667']);
    const weighted = entitledShares([sharer(1, { cpus: 100 }), sharer(2, { cpus: 100 })], capacity);
    expect(weighted.map((share) => share.toFixed(3))).toEqual(['0.333', '0.667']);
    const modest = entitledShares([sharer(1, { cpus: 0.9 }), sharer(1, { cpus: 100 })], capacity);
    expect(modest.map((share) => share.toFixed(3))).toEqual(['0.100', '0.900']);
    const guaranteed = entitledShares(
      [{ ...sharer(1, { cpus: 9 }), guaranteedPart: 0.8 }, sharer(1, { cpus: 9 })],
      capacity,
    );
    expect(guaranteed.map((share) => share.toFixed(3))).toEqual(['0.800', '0.200']);
  });

  it('is measured by Jain', () => {
    expect([jainIndex([1, 1, 1]), jainIndex([1, 0, 0, 0]), jainIndex([])]).toEqual([1, 0.25, 1]);
  });

  it('is summed up to a hundredth', () => {
    const histogram = new Histogram();
    for (let value = 0; value < 1000; value++) histogram.add(value);
    const { count, max, mean, p50, p99 } = histogram.summary();
    expect([count, max, mean]).toEqual([1000, 999, 499.5]);
    expect(p50 / 500).toBeCloseTo(1, 1);
    expect(p99 / 990).toBeCloseTo(1, 1);
  });
});
