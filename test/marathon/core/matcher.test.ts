import { describe, expect, it } from 'vitest';
import { Placement } from '../../../src/marathon/core/matcher/constraints.ts';
import { type MatchOptions, matchApp } from '../../../src/marathon/core/matcher/match-app.ts';
import { OfferRemainder } from '../../../src/marathon/core/matcher/offer-remainder.ts';
import { pickPorts, portRequestsOf } from '../../../src/marathon/core/matcher/pick-ports.ts';
import { newQueueEntry, noteOffer, summarizeOffers } from '../../../src/marathon/core/queue-entry.ts';
import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import { agentOf } from '../../../src/mesos/agent-fields.ts';
import type { Offer, Resource } from '../../../src/mesos/generated/mesos.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { appOf } from './app-of.ts';

const scalar = (name: string, value: number, more: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  allocation_info: { role: '*' },
  ...more,
});

const ports = (begin: number, end: number, more: Partial<Resource> = {}): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: [{ begin, end }] },
  allocation_info: { role: '*' },
  ...more,
});

const offerOf = (resources: Resource[], more: Partial<Offer> = {}): Offer => ({
  id: { value: 'o1' },
  framework_id: { value: 'f' },
  agent_id: { value: 'agent-1' },
  hostname: 'one.example',
  resources,
  allocation_info: { role: '*' },
  ...more,
});

const PLENTY = [scalar('cpus', 4), scalar('mem', 1024), scalar('disk', 1000), ports(31_000, 31_009)];

const match = (app: AppDefinition, offer: Offer, more: Partial<MatchOptions> = {}) =>
  matchApp({
    app,
    remainder: new OfferRemainder(offer),
    agent: agentOf(offer),
    placement: new Placement(app.constraints, []),
    instances: app.instances,
    nowMs: 1_000_000,
    settings: { acceptedRolesDefault: 'any', drainingMs: 0, gpuSchedulingBehavior: 'restricted' },
    random: seededRandom(1),
    ...more,
  });

const reasons = (app: AppDefinition, offer: Offer, more: Partial<MatchOptions> = {}): string[] => {
  const result = match(app, offer, more);
  return result.isMatch ? [] : result.rejections.map(({ reason, detail }) => `${reason}: ${detail}`);
};

describe('matching an app with an offer', () => {
  it('takes what the instance needs and leaves the rest', () => {
    const offer = offerOf(PLENTY);
    const remainder = new OfferRemainder(offer);
    const app = appOf({ id: '/a', cpus: 1.5, mem: 512, disk: 10 });
    const result = match(app, offer, { remainder });
    expect(result).toEqual({
      isMatch: true,
      disks: [],
      hostPorts: [],
      resources: [scalar('cpus', 1.5), scalar('mem', 512), scalar('disk', 10)],
    });
    expect(match(app, offer, { remainder }).isMatch).toBe(true);
    expect(reasons(app, offer, { remainder })).toEqual([
      'InsufficientCpus: needs 1.5 cpus, 1 are offered',
      'InsufficientMemory: needs 512 MiB of memory, 0 are offered',
    ]);
  });

  it('adds up thousandths without losing any', () => {
    const remainder = new OfferRemainder(offerOf([scalar('cpus', 0.3), scalar('mem', 1000)]));
    const app = appOf({ id: '/a', cpus: 0.1, mem: 1 });
    const fits = [1, 2, 3, 4].map(() => match(app, remainder.offer, { remainder }).isMatch);
    expect(fits).toEqual([true, true, true, false]);
  });

  it('refuses an offer for another role before anything else', () => {
    expect(reasons(appOf({ id: '/a', role: 'dev', cpus: 100 }), offerOf(PLENTY))).toEqual([
      'UnfulfilledRole: has the role dev, the offer is for *',
    ]);
  });

  it('combines unreserved and reserved resources, and keeps each as it was offered', () => {
    const reservations = [{ type: 'STATIC' as const, role: 'dev' }];
    const mine = { allocation_info: { role: 'dev' } };
    const offer = offerOf(
      [scalar('cpus', 1, mine), scalar('cpus', 1, { ...mine, reservations }), scalar('mem', 500, mine)],
      { allocation_info: { role: 'dev' } },
    );
    const app = appOf({ id: '/a', role: 'dev', cpus: 1.5 });
    const result = match(app, offer);
    expect(result.isMatch && result.resources.slice(0, 2)).toEqual([
      scalar('cpus', 1, mine),
      scalar('cpus', 0.5, { ...mine, reservations }),
    ]);
    expect(reasons({ ...app, acceptedResourceRoles: ['*'] }, offer)).toEqual([
      'InsufficientCpus: needs 1.5 cpus, 1 are offered',
    ]);
    expect(match({ ...app, acceptedResourceRoles: ['dev'], cpus: 1, mem: 0 }, offer)).toMatchObject({
      isMatch: true,
      resources: [scalar('cpus', 1, { ...mine, reservations })],
    });
  });

  it.each([
    ['any', undefined, 2],
    ['unreserved', undefined, 1],
    ['reserved', undefined, 1],
    ['reserved', ['*', 'dev'], 2],
  ] as const)('uses what apps accept that do not say by default: %s, %s', (byDefault, accepted, cpus) => {
    const mine = { allocation_info: { role: 'dev' } };
    const reserved = scalar('cpus', 1, { ...mine, reservations: [{ type: 'STATIC', role: 'dev' }] });
    const offer = offerOf([scalar('cpus', 1, mine), reserved], { allocation_info: { role: 'dev' } });
    const settings = {
      acceptedRolesDefault: byDefault,
      drainingMs: 0,
      gpuSchedulingBehavior: 'restricted',
    } as const;
    const app = appOf({
      id: '/a',
      role: 'dev',
      cpus,
      mem: 0,
      ...(accepted && { acceptedResourceRoles: accepted }),
    });
    const result = match(app, offer, { settings });
    const used = result.isMatch ? result.resources.map((one) => one.reservations !== undefined) : [];
    expect(used).toEqual(cpus === 2 ? [false, true] : [byDefault === 'reserved']);
    expect(match({ ...app, cpus: cpus + 1 }, offer, { settings }).isMatch).toBe(false);
  });

  it('of the role * uses what nobody has, however the default is', () => {
    const settings = {
      acceptedRolesDefault: 'reserved',
      drainingMs: 0,
      gpuSchedulingBehavior: 'restricted',
    } as const;
    expect(match(appOf({ id: '/a', cpus: 1 }), offerOf(PLENTY), { settings }).isMatch).toBe(true);
  });

  it('leaves volumes, foreign reservations and what is labelled alone', () => {
    const mine = { allocation_info: { role: 'dev' } };
    const labelled = [
      { type: 'DYNAMIC' as const, role: 'dev', labels: { labels: [{ key: 'k', value: 'v' }] } },
    ];
    const offer = offerOf(
      [
        scalar('cpus', 1, { ...mine, reservations: labelled }),
        scalar('mem', 500, { ...mine, reservations: [{ type: 'STATIC', role: 'other' }] }),
        scalar('disk', 500, { ...mine, disk: { persistence: { id: 'v' } } }),
      ],
      { allocation_info: { role: 'dev' } },
    );
    expect(reasons(appOf({ id: '/a', role: 'dev' }), offer)).toEqual([
      'UnfulfilledRole: nothing is offered for the roles *, dev',
    ]);
  });

  it('names every reason, in the order of the funnel', () => {
    const app = appOf({
      id: '/a',
      cpus: 5,
      mem: 2000,
      disk: 5000,
      gpus: 1,
      requirePorts: true,
      portDefinitions: [{ port: 80, protocol: 'tcp', labels: {} }],
      constraints: [['hostname', 'LIKE', 'two.*']],
    });
    const offer = offerOf(PLENTY, { unavailability: { start: { nanoseconds: 1 } } });
    expect(reasons(app, offer).map((text) => text.split(':')[0])).toEqual([
      'UnfulfilledConstraint',
      'AgentMaintenance',
      'InsufficientCpus',
      'InsufficientMemory',
      'InsufficientDisk',
      'InsufficientGpus',
      'InsufficientPorts',
    ]);
    expect(reasons(app, offer)).toContain('InsufficientPorts: needs host port 80, not offered');
    expect(reasons(app, offer)[0]).toBe(
      'UnfulfilledConstraint: hostname LIKE two.* is not fulfilled by one.example',
    );
  });

  it('uses agents whose maintenance is still to come', () => {
    const offer = offerOf(PLENTY, { unavailability: { start: { nanoseconds: 2_000_000 * 1_000_000 } } });
    expect(reasons(appOf({ id: '/a' }), offer)).toEqual([]);
    expect(
      reasons(appOf({ id: '/a' }), offer, {
        settings: { acceptedRolesDefault: 'any', drainingMs: 1_500_000, gpuSchedulingBehavior: 'restricted' },
      }),
    ).toHaveLength(1);
  });

  it('stays in the region of the master unless a constraint asks for another', () => {
    const offer = offerOf(PLENTY, {
      domain: { fault_domain: { region: { name: 'us' }, zone: { name: 'us-1' } } },
    });
    expect(reasons(appOf({ id: '/a' }), offer, { region: 'eu' })).toHaveLength(1);
    expect(reasons(appOf({ id: '/a' }), offer, { region: 'us' })).toEqual([]);
    const abroad = appOf({ id: '/a', constraints: [['@region', 'IS', 'us']] });
    expect(reasons(abroad, offer, { region: 'eu' })).toEqual([]);
  });

  it('keeps agents with gpus for those that use them', () => {
    const offer = offerOf([...PLENTY, scalar('gpus', 1)]);
    expect(reasons(appOf({ id: '/a' }), offer).map((text) => text.split(':')[0])).toEqual([
      'DeclinedScarceResources',
    ]);
    const unrestricted = { GPU_SCHEDULING_BEHAVIOR: 'unrestricted' };
    expect(reasons(appOf({ id: '/a', labels: unrestricted }), offer)).toEqual([]);
    expect(reasons(appOf({ id: '/a', gpus: 1 }), offer)).toEqual([]);
  });

  it('counts the resources of an own executor in', () => {
    const app = appOf({
      id: '/a',
      cpus: 3.95,
      executor: '/bin/executor',
      executorResources: { cpus: 0.1, mem: 32, disk: 10 },
    });
    expect(reasons(app, offerOf(PLENTY))).toEqual(['InsufficientCpus: needs 4.05 cpus, 4 are offered']);
  });
});

describe('choosing host ports', () => {
  const definitions = (...numbers: number[]) =>
    numbers.map((port) => ({ port, protocol: 'tcp' as const, labels: {} }));

  it('takes any for service ports, and just those when they are required', () => {
    const app = appOf({ id: '/a', portDefinitions: definitions(10_000, 0) });
    expect(portRequestsOf(app)).toEqual(['any', 'any']);
    expect(portRequestsOf({ ...app, requirePorts: true })).toEqual([10_000, 'any']);
  });

  it('asks for no host port where a mapping has none', () => {
    const mapping = { protocol: 'tcp' as const, servicePort: 0, labels: {}, networkNames: [] };
    const { portDefinitions: _none, ...app } = appOf({
      id: '/a',
      networks: [{ mode: 'container/bridge', labels: {} }],
      container: {
        type: 'MESOS',
        volumes: [],
        portMappings: [
          { ...mapping, containerPort: 80 },
          { ...mapping, containerPort: 81, hostPort: 0 },
          { ...mapping, containerPort: 82, hostPort: 31_005 },
        ],
      },
    });
    expect(portRequestsOf(app)).toEqual(['any', 31_005]);
  });

  it('gives consecutive ports from a random start, wrapping around, never one twice', () => {
    const ranges = [
      { begin: 1, end: 3 },
      { begin: 10, end: 12 },
    ];
    const order = [1, 2, 3, 10, 11, 12];
    for (let seed = 0; seed < 50; seed++) {
      const picked = pickPorts(['any', 'any', 'any'], ranges, seededRandom(seed));
      if (!picked.isEnough) throw new Error('There are enough ports');
      const start = order.indexOf(picked.ports[0] ?? 0);
      expect(picked.ports).toEqual([0, 1, 2].map((step) => order[(start + step) % order.length]));
    }
  });

  it('does not give a required port away', () => {
    const picked = pickPorts(['any', 2, 'any'], [{ begin: 1, end: 3 }], seededRandom(3));
    expect(picked.isEnough && [...picked.ports].sort()).toEqual([1, 2, 3]);
    expect(picked.isEnough && picked.ports[1]).toBe(2);
  });

  it('says which required ports are missing', () => {
    expect(pickPorts([80, 2], [{ begin: 1, end: 3 }], seededRandom(1))).toEqual({
      isEnough: false,
      missing: [80],
    });
    expect(pickPorts(['any', 'any'], [{ begin: 1, end: 1 }], seededRandom(1))).toEqual({
      isEnough: false,
      missing: [],
    });
  });

  it('takes ports out of the offer, as ranges', () => {
    const remainder = new OfferRemainder(offerOf([scalar('cpus', 9), scalar('mem', 9999), ports(1, 4)]));
    const app = appOf({ id: '/a', portDefinitions: definitions(0, 0) });
    const first = match(app, remainder.offer, { remainder });
    const second = match(app, remainder.offer, { remainder });
    expect([first, second].flatMap((one) => (one.isMatch ? one.hostPorts : [])).sort()).toEqual([1, 2, 3, 4]);
    expect(reasons(app, remainder.offer, { remainder })).toEqual([
      'InsufficientPorts: needs 2 host ports, too few are offered',
    ]);
  });
});

describe('the funnel', () => {
  it('asks each reason of those offers only that passed the ones before', () => {
    const entry = newQueueEntry(0);
    const from = (agent: string): Offer => offerOf(PLENTY, { agent_id: { value: agent } });
    noteOffer(entry, from('a'), [{ reason: 'UnfulfilledConstraint', detail: '' }], 1);
    noteOffer(entry, from('b'), [{ reason: 'InsufficientCpus', detail: '' }], 2);
    noteOffer(entry, from('c'), [{ reason: 'InsufficientCpus', detail: '' }], 3);
    noteOffer(entry, from('c'), [], 4);
    const summary = summarizeOffers(entry);
    expect(summary).toMatchObject({
      processedCount: 4,
      unusedCount: 3,
      lastUnusedAtMs: 3,
      lastUsedAtMs: 4,
    });
    expect(summary.lastOffers.map(({ declined, processed }) => `${declined}/${processed}`)).toEqual([
      '0/3',
      '1/3',
      '0/2',
      '0/2',
      '1/2',
      '0/1',
      '0/1',
      '0/1',
      '0/1',
      '0/1',
    ]);
    expect(summary.launchAttempt[4]).toEqual({ reason: 'InsufficientCpus', declined: 2, processed: 3 });
    expect(summary.lastUnused.map(({ offer }) => offer.agent_id.value)).toEqual(['a', 'b']);
  });

  it('remembers a bounded number of agents', () => {
    const entry = newQueueEntry(0);
    for (let index = 0; index < 3000; index++) {
      const offer = offerOf(PLENTY, { agent_id: { value: `agent-${index}` } });
      noteOffer(entry, offer, [{ reason: 'InsufficientCpus', detail: '' }], index);
    }
    expect(entry.lastOffers.size).toBe(1000);
    expect(summarizeOffers(entry).lastUnused).toHaveLength(100);
  });
});
