import { describe, expect, it } from 'vitest';
import type { Unavailability } from '../../../src/mesos/generated/mesos.ts';
import { AGENT_CAPABILITIES, Scenario } from './scenario.ts';

const AGENT = 'cpus:1;mem:512';
const DAY = 24 * 3600 * 1000;
const WINDOW: Unavailability = { start: { nanoseconds: 60e9 } };

/** Who is asked about which agent by a run over all of them. */
const asked = ({ allocator, nowMs }: Scenario): string[] =>
  allocator
    .allocateInversely(nowMs)
    .map(({ agentId, frameworkId }) => `${agentId}?${frameworkId}`)
    .sort();

const end = ({ allocator, nowMs }: Scenario, agentId: string, refuseMs?: number): void =>
  allocator.endInverseOffer({
    frameworkId: 'f',
    agentId,
    nowMs,
    ...(refuseMs === undefined ? {} : { refuseMs }),
  });

/** A framework that was offered one agent whose maintenance is scheduled. */
const maintained = (): Scenario => {
  const cluster = new Scenario();
  cluster.addFramework('f@r');
  cluster.addAgent('A', AGENT);
  cluster.allocator.setUnavailability('A', WINDOW);
  return cluster;
};

describe('inverse offers', () => {
  it('are for agents of which the framework has something, and have no resources', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@*');
    expect(cluster.addAgent('A1', AGENT)).toEqual(['A1->f']);
    expect(cluster.addAgent('A2', AGENT)).toEqual(['A2->f']);
    cluster.giveAllBack('A2->f', DAY);
    for (const id of ['A1', 'A2']) cluster.allocator.setUnavailability(id, WINDOW);
    expect(cluster.run()).toEqual([]);
    expect(cluster.allocator.allocateInversely(cluster.nowMs)).toEqual([
      { frameworkId: 'f', agentId: 'A1', unavailability: WINDOW },
    ]);
  });

  it('are not for a framework that is not there', () => {
    const cluster = new Scenario();
    const used = new Map([
      [
        'unknown',
        [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value: 1 }, allocation_info: { role: '*' } }],
      ],
    ]);
    cluster.allocator.addAgent('A1', {
      info: { hostname: 'A1' },
      capabilities: AGENT_CAPABILITIES,
      total: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }],
      used,
      unavailability: WINDOW,
    });
    expect(cluster.addFramework('f@r')).toEqual([]);
    expect(cluster.addAgent('A2', AGENT)).toEqual(['A2->f']);
    expect(asked(cluster)).toEqual([]);
    cluster.allocator.setUnavailability('A2', WINDOW);
    expect(asked(cluster)).toEqual(['A2?f']);
  });

  it('are outstanding once, and made again when they have ended', () => {
    const cluster = maintained();
    expect(asked(cluster)).toEqual(['A?f']);
    expect(asked(cluster)).toEqual([]);
    end(cluster, 'A');
    expect(asked(cluster)).toEqual(['A?f']);
  });

  it('are not made again for as long as an answer is to hold', () => {
    const cluster = maintained();
    asked(cluster);
    end(cluster, 'A', 2000);
    cluster.tick();
    expect(asked(cluster)).toEqual([]);
    cluster.tick();
    expect(asked(cluster)).toEqual(['A?f']);
  });

  it.each<[string, (cluster: Scenario) => void]>([
    ['the framework revives', ({ allocator }) => allocator.revive('f')],
    [
      'the framework comes back',
      ({ allocator }) => {
        allocator.deactivateFramework('f');
        allocator.activateFramework('f');
      },
    ],
    ['the window moves', ({ allocator }) => allocator.setUnavailability('A', { start: { nanoseconds: 1 } })],
  ])('are made again, whatever the answer was, when %s', (_what, happen) => {
    const cluster = maintained();
    asked(cluster);
    end(cluster, 'A', DAY);
    expect(asked(cluster)).toEqual([]);
    happen(cluster);
    expect(asked(cluster)).toEqual(['A?f']);
  });

  it.each<[string, (cluster: Scenario) => void]>([
    ['the framework is away', ({ allocator }) => allocator.deactivateFramework('f')],
    ['the agent is out of use', ({ allocator }) => allocator.deactivateAgent('A')],
    ['the agent is not on the whitelist', ({ allocator }) => allocator.setWhitelist(new Set(['other']))],
    ['the maintenance is called off', ({ allocator }) => allocator.setUnavailability('A', undefined)],
    ['the agent is gone', ({ allocator }) => allocator.removeAgent('A')],
    ['nothing of the agent is left with the framework', (cluster) => cluster.giveAllBack('A->f')],
  ])('are not made when %s', (_what, happen) => {
    const cluster = maintained();
    happen(cluster);
    expect(asked(cluster)).toEqual([]);
  });
});
