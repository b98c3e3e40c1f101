import type { TaskStatus } from '../../src/mesos/generated/mesos.ts';
import type { Event } from '../../src/mesos/generated/scheduler.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { connectScheduler } from '../../src/sdk/connect-scheduler.ts';
import { waitFor } from '../support/wait-for.ts';

type Offer = NonNullable<Extract<Event, { type: 'OFFERS' }>['offers']['offers']>[number];

const MOST_TASKS_PER_OFFER = 4;

/** A framework that launches what it is told where it is told, and remembers every update. */
export interface Framework {
  readonly id: string;
  /** In the order of their arrival. */
  readonly updates: readonly TaskStatus[];
  /** Resolves once the master has taken the launch. */
  launch(task: { id: string; hostname: string; command: string }): Promise<void>;
  statesOf(taskId: string): string[];
  /** Resolves once a task is in one of these states. */
  untilState(taskId: string, ...states: string[]): Promise<TaskStatus>;
  close(): Promise<void>;
}

export const startFramework = async (
  masterUrl: string,
  { name, isPartitionAware }: { name: string; isPartitionAware: boolean },
): Promise<Framework> => {
  const updates: TaskStatus[] = [];
  const wanted: { id: string; hostname: string; command: string; launched: () => void }[] = [];
  const take = async (offer: Offer): Promise<void> => {
    const here = wanted.filter(({ hostname }) => hostname === offer.hostname).slice(0, MOST_TASKS_PER_OFFER);
    if (here.length === 0) {
      await connection.call({
        type: 'DECLINE',
        decline: { offer_ids: [offer.id], filters: { refuse_seconds: 0.1 } },
      });
      return;
    }
    for (const task of here) wanted.splice(wanted.indexOf(task), 1);
    const task_infos = here.map(({ id, command }) => ({
      name: id,
      task_id: { value: id },
      agent_id: offer.agent_id,
      command: { shell: true, value: command },
      resources: [
        { name: 'cpus', type: 'SCALAR' as const, scalar: { value: 0.1 } },
        { name: 'mem', type: 'SCALAR' as const, scalar: { value: 32 } },
      ],
    }));
    await connection.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer.id],
        operations: [{ type: 'LAUNCH', launch: { task_infos } }],
        filters: { refuse_seconds: 0.1 },
      },
    });
    for (const { launched } of here) launched();
  };
  const connection = connectScheduler({
    masterUrls: [masterUrl],
    frameworkInfo: {
      user: 'root',
      name,
      checkpoint: true,
      failover_timeout: 600,
      roles: ['*'],
      capabilities: [
        { type: 'MULTI_ROLE' },
        ...(isPartitionAware ? [{ type: 'PARTITION_AWARE' as const }] : []),
      ],
    },
    onEvent: async (event) => {
      if (event.type === 'UPDATE') {
        const { status } = event.update;
        updates.push(status);
        const { uuid, agent_id } = status;
        if (uuid !== undefined && agent_id !== undefined) {
          await connection.call({
            type: 'ACKNOWLEDGE',
            acknowledge: { agent_id, task_id: status.task_id, uuid },
          });
        }
      }
      if (event.type !== 'OFFERS') return;
      for (const offer of event.offers.offers ?? []) await take(offer).catch(() => undefined);
      if (wanted.length === 0) await connection.call({ type: 'SUPPRESS' });
    },
    onRefused: (message) => {
      throw new Error(message);
    },
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
  });
  const id = await waitFor('the subscription', () => connection.frameworkId);
  const statesOf = (taskId: string): string[] =>
    updates.filter(({ task_id }) => task_id.value === taskId).map(({ state }) => state);
  return {
    id,
    updates,
    statesOf,
    launch: (task) =>
      new Promise((resolve, reject) => {
        wanted.push({ ...task, launched: resolve });
        connection.call({ type: 'REVIVE' }).catch(reject);
      }),
    untilState: (taskId, ...states) =>
      waitFor(
        `${taskId} in ${states.join(' or ')}`,
        () =>
          updates
            .filter(({ task_id }) => task_id.value === taskId)
            .findLast(({ state }) => states.includes(state)),
        { timeoutMs: 60_000 },
      ),
    close: async () => {
      await connection.call({ type: 'TEARDOWN' }).catch(() => undefined);
      await connection.close();
    },
  };
};
