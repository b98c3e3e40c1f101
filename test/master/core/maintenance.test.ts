import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../../src/mesos/generated/maintenance.ts';
import type { InverseOffer, MachineID, Unavailability } from '../../../src/mesos/generated/mesos.ts';
import { CoreHarness, type TestAgent, type TestFramework, task } from './harness.ts';

const ACCEPTED = { type: 'accepted' };
const refused = (message: string) => ({ type: 'refused', status: 400, message });
const MACHINE: MachineID = { hostname: 'host', ip: '127.0.0.1' };
const OTHER: MachineID = { hostname: 'other', ip: '10.0.0.2' };
const WINDOW: Unavailability = { start: { nanoseconds: 1e18 }, duration: { nanoseconds: 3600e9 } };
const scheduleOf = (...machine_ids: MachineID[]): Schedule => ({
  windows: [{ machine_ids, unavailability: WINDOW }],
});

const update = (harness: CoreHarness, schedule: Schedule) =>
  harness.ask({ type: 'update-schedule', schedule });
const takeDown = (harness: CoreHarness, ...machines: MachineID[]) =>
  harness.ask({ type: 'start-maintenance', machines });
const bringUp = (harness: CoreHarness, ...machines: MachineID[]) =>
  harness.ask({ type: 'stop-maintenance', machines });

const inverseOffers = ({ events }: TestFramework): InverseOffer[] =>
  events.flatMap((event) =>
    event.type === 'INVERSE_OFFERS' ? (event.inverse_offers.inverse_offers ?? []) : [],
  );
const inverselyRescinded = ({ events }: TestFramework): string[] =>
  events.flatMap((event) =>
    event.type === 'RESCIND_INVERSE_OFFER' ? [event.rescind_inverse_offer.inverse_offer_id.value] : [],
  );
const answer = (
  framework: TestFramework,
  how: 'ACCEPT' | 'DECLINE',
  { id }: { id: { value: string } },
  refuse_seconds = 5,
): void => {
  const body = { inverse_offer_ids: [id], filters: { refuse_seconds } };
  framework.call(
    how === 'ACCEPT'
      ? { type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: body }
      : { type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: body },
  );
};
const answersOf = (harness: CoreHarness, { id }: TestAgent) => [
  ...(harness.state.agents.get(id)?.inverseAnswers.values() ?? []),
];

/** One agent, a task of a framework on it, and the rest of it offered. */
const running = (options: ConstructorParameters<typeof CoreHarness>[0] = {}) => {
  const harness = new CoreHarness(options);
  const agent = harness.agent();
  const framework = harness.scheduler();
  framework.launch(framework.lastOffer, task('one', agent.id));
  agent.update(framework, 'one', 'TASK_RUNNING');
  harness.advance(6_000);
  return { harness, agent, framework };
};

const scheduled = (options: ConstructorParameters<typeof CoreHarness>[0] = {}) => {
  const cluster = running(options);
  expect(update(cluster.harness, scheduleOf(MACHINE))).toEqual(ACCEPTED);
  const [first] = inverseOffers(cluster.framework);
  if (!first) throw new Error('nobody was asked');
  return { ...cluster, first };
};

describe('scheduled maintenance', () => {
  it('takes offers back, says in new ones when the agent is away, and asks whoever is there', () => {
    const { harness, agent, framework } = running();
    expect(framework.lastOffer).not.toHaveProperty('unavailability');
    const before = framework.lastOffer.id.value;
    expect(update(harness, scheduleOf(MACHINE))).toEqual(ACCEPTED);
    expect(framework.rescinded).toEqual([before]);
    expect(framework.lastOffer.unavailability).toEqual(WINDOW);
    expect(inverseOffers(framework)).toEqual([
      {
        id: { value: expect.stringMatching(/^M-O\d+$/) },
        url: { scheme: 'http', address: agent.report.address, path: '/slave(1)' },
        framework_id: { value: framework.id },
        agent_id: { value: agent.id },
        unavailability: WINDOW,
      },
    ]);
    expect(framework.events.map(({ type }) => type).slice(-3)).toEqual([
      'RESCIND',
      'OFFERS',
      'INVERSE_OFFERS',
    ]);
  });

  it('keeps what the frameworks answer, and asks again when the answer has expired', () => {
    const { harness, agent, framework, first } = scheduled();
    harness.advance(5_000);
    expect(inverseOffers(framework)).toHaveLength(1);
    answer(framework, 'ACCEPT', first, 2);
    const timestamp = { nanoseconds: expect.any(Number) };
    const framework_id = { value: framework.id };
    expect(answersOf(harness, agent)).toEqual([{ status: 'ACCEPT', framework_id, timestamp }]);
    expect(harness.state.inverseOffers.size).toBe(0);
    answer(framework, 'DECLINE', first);
    expect(answersOf(harness, agent)).toMatchObject([{ status: 'ACCEPT' }]);
    harness.advance(3_000);
    const [, second] = inverseOffers(framework);
    answer(framework, 'DECLINE', second ?? first);
    expect(answersOf(harness, agent)).toEqual([{ status: 'DECLINE', framework_id, timestamp }]);
    framework.call({ type: 'REVIVE' });
    expect(inverseOffers(framework)).toHaveLength(3);
    framework.call({ type: 'TEARDOWN' });
    expect(answersOf(harness, agent)).toEqual([]);
  });

  it('takes no answer from anybody but who was asked', () => {
    const { harness, agent, first } = scheduled();
    const stranger = harness.scheduler();
    answer(stranger, 'ACCEPT', first);
    expect(answersOf(harness, agent)).toEqual([]);
    expect(harness.state.inverseOffers.size).toBe(1);
  });

  it('takes back what was asked when it is moved or called off', () => {
    const { harness, agent, framework, first } = scheduled();
    const later = { start: { nanoseconds: 2e18 } };
    update(harness, { windows: [{ machine_ids: [MACHINE], unavailability: later }] });
    expect(inverselyRescinded(framework)).toEqual([first.id.value]);
    const [, second] = inverseOffers(framework);
    expect(second?.unavailability).toEqual(later);
    answer(framework, 'ACCEPT', second ?? first);
    const offers = framework.offers.length;
    expect(update(harness, {})).toEqual(ACCEPTED);
    expect(answersOf(harness, agent)).toEqual([]);
    expect(framework.offers.length).toBe(offers + 1);
    expect(framework.lastOffer).not.toHaveProperty('unavailability');
    harness.advance(10_000);
    expect(inverseOffers(framework)).toHaveLength(2);
  });

  it('leaves alone what it does not change', () => {
    const { harness, framework } = scheduled();
    const { rescinded } = framework;
    expect(update(harness, scheduleOf(MACHINE, OTHER))).toEqual(ACCEPTED);
    expect(framework.rescinded).toEqual(rescinded);
    expect(inverselyRescinded(framework)).toEqual([]);
  });

  it.each<[string, (cluster: ReturnType<typeof scheduled>) => void, boolean]>([
    ['the agent is away', ({ agent }) => agent.close(), true],
    ['the agent subscribes anew', ({ agent }) => agent.back(), true],
    [
      'the agent is deactivated',
      ({ harness, agent }) => harness.ask({ type: 'deactivate-agent', agentId: agent.id }),
      true,
    ],
    [
      'the agent is gone',
      ({ harness, agent }) => harness.ask({ type: 'mark-agent-gone', agentId: agent.id }),
      true,
    ],
    ['the framework is away', ({ framework }) => framework.close(), false],
    ['the framework is torn down', ({ framework }) => framework.call({ type: 'TEARDOWN' }), false],
  ])('has no questions left when %s', (_what, happen, isTold) => {
    const cluster = scheduled();
    happen(cluster);
    expect(cluster.harness.state.inverseOffers.has(cluster.first.id.value)).toBe(false);
    expect(inverselyRescinded(cluster.framework)).toEqual(isTold ? [cluster.first.id.value] : []);
  });

  it('takes back a question that nobody answers in time', () => {
    const { harness, framework, first } = scheduled({ settings: { offerTimeoutMs: 500 } });
    harness.advance(600);
    expect(inverselyRescinded(framework)).toContain(first.id.value);
    harness.advance(1_000);
    expect(inverseOffers(framework).length).toBeGreaterThan(1);
  });

  it('is asked about again by the next master, also of a scheduler that comes back', () => {
    const { harness, agent, framework, first } = scheduled();
    answer(framework, 'ACCEPT', first, 3600);
    const next = harness.restarted();
    expect(next.state.maintenance.schedule).toEqual(scheduleOf(MACHINE));
    agent.back({}, next);
    const again = next.scheduler();
    expect(again.lastOffer.unavailability).toEqual(WINDOW);
    expect(inverseOffers(again)).toHaveLength(1);
    expect(answersOf(next, agent)).toEqual([]);
  });
});

describe('a machine', () => {
  it('that is taken down loses its agents, keeps them out, and lets them in when it is up again', () => {
    const { harness, agent, framework } = scheduled();
    expect(takeDown(harness, MACHINE)).toEqual(ACCEPTED);
    const message = "Operator initiated 'Machine DOWN'";
    expect(agent.of('SHUTDOWN')).toEqual([{ type: 'SHUTDOWN', shutdown: { message, keeps_id: true } }]);
    expect(harness.state.agents.size).toBe(0);
    expect(framework.lastStatus).toMatchObject({
      state: 'TASK_LOST',
      reason: 'REASON_AGENT_REMOVED',
      message: `Agent host removed: ${message}`,
    });
    expect(framework.events.at(-1)).toMatchObject({
      type: 'FAILURE',
      failure: { agent_id: { value: agent.id } },
    });
    const next = harness.restarted();
    const refusedAgent = next.agentAt(agent.report.address.port, 'cpus:1');
    expect(refusedAgent.of('SHUTDOWN')[0]?.shutdown.message).toBe('Machine is `DOWN`');
    expect(next.isClosed(refusedAgent.streamId)).toBe(true);
    expect(bringUp(next, MACHINE)).toEqual(ACCEPTED);
    expect(next.state.maintenance).toEqual({ schedule: undefined, machines: new Map() });
    const last = next.restarted();
    expect(last.agentAt(agent.report.address.port, 'cpus:1').of('SUBSCRIBED')).toHaveLength(1);
    expect(last.state.maintenance.schedule).toBeUndefined();
  });

  it('that is up again leaves the others in the schedule', () => {
    const harness = new CoreHarness();
    update(harness, scheduleOf(MACHINE, OTHER));
    takeDown(harness, MACHINE, OTHER);
    bringUp(harness, { hostname: 'HOST', ip: '127.0.0.1' });
    expect(harness.state.maintenance.schedule).toEqual(scheduleOf(OTHER));
    expect(takeDown(harness, OTHER)).toEqual(
      refused(`Machine '${JSON.stringify(OTHER)}' is not in DRAINING mode and cannot be brought down`),
    );
  });

  it('is another one unless name and address are the same', () => {
    const { harness, framework } = running();
    update(harness, scheduleOf({ hostname: 'host' }, { ip: '127.0.0.1' }));
    expect(inverseOffers(framework)).toEqual([]);
  });
});

describe('maintenance is refused, and nothing changes,', () => {
  const text = JSON.stringify(MACHINE);

  it.each<[string, Schedule, string]>([
    ['for no machines', scheduleOf(), 'List of machines in the maintenance window is empty'],
    [
      'for less than no time',
      { windows: [{ machine_ids: [MACHINE], unavailability: { ...WINDOW, duration: { nanoseconds: -1 } } }] },
      "Unavailability 'duration' is negative",
    ],
    ['of a machine without a name', scheduleOf({}), "Both 'hostname' and 'ip' for a machine are empty"],
    ['of what is no address', scheduleOf({ ip: 'x' }), 'Failed to parse the IP: x'],
    [
      'twice of the same machine',
      { windows: [...(scheduleOf(MACHINE).windows ?? []), ...(scheduleOf(MACHINE).windows ?? [])] },
      `Machine '${text}' appears more than once in the schedule`,
    ],
    [
      'when a machine that is down is left out',
      scheduleOf(OTHER),
      `Machine '${text}' is deactivated and cannot be removed from the schedule`,
    ],
  ])('%s', (_what, schedule, message) => {
    const harness = new CoreHarness();
    update(harness, scheduleOf(MACHINE));
    takeDown(harness, MACHINE);
    const { maintenance } = harness.state;
    expect(update(harness, schedule)).toEqual(refused(message));
    expect(harness.state.maintenance).toBe(maintenance);
  });

  it('when it is begun or ended with the wrong machines', () => {
    const harness = new CoreHarness();
    update(harness, scheduleOf(MACHINE));
    const unscheduled = `Machine '${JSON.stringify(OTHER)}' is not part of a maintenance schedule`;
    expect(takeDown(harness, MACHINE, OTHER)).toEqual(refused(unscheduled));
    expect(bringUp(harness, OTHER)).toEqual(refused(unscheduled));
    expect(bringUp(harness, MACHINE)).toEqual(
      refused(`Machine '${text}' is not in DOWN mode and cannot be brought up`),
    );
    expect(takeDown(harness)).toEqual(refused('List of machines is empty'));
    expect(harness.state.maintenance.machines.get('host 127.0.0.1')?.mode).toBe('DRAINING');
  });
});
