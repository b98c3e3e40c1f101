import type { TaskInfo, TaskStatus } from '../../../src/mesos/generated/mesos.ts';
import type { Event } from '../../../src/mesos/generated/scheduler.ts';
import { scalarOf } from '../../../src/mesos/resources/traits.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { connectScheduler } from '../../../src/sdk/connect-scheduler.ts';

type Offer = NonNullable<Extract<Event, { type: 'OFFERS' }>['offers']['offers']>[number];

/** A scheduler that launches commands on one agent as soon as it is offered it, and acknowledges what it hears. */
export interface BenchScheduler {
  /** Launches tasks when there are offers that have room for any; `choose` is told for how many. Resolves when they are accepted. */
  launch(choose: (room: number) => readonly string[], command: string): Promise<number>;
  kill(taskId: string): void;
  /** Of every status, once it has come. */
  onStatus: (status: TaskStatus) => void;
  close(): Promise<void>;
}

const ROLE = 'bench';
const CPUS = 0.01;
const MEM = 8;

export const startBenchScheduler = (masterUrl: string): BenchScheduler => {
  const offers = new Map<string, Offer>();
  let offered = (): void => undefined;
  const scheduler: BenchScheduler = {
    onStatus: () => undefined,
    launch: async (choose, command) => {
      while (roomIn(offers.values()) === 0) {
        await new Promise<void>((resolve) => {
          offered = resolve;
        });
      }
      const [{ agent_id } = { agent_id: { value: '' } }] = offers.values();
      const task_infos = choose(roomIn(offers.values())).map(
        (value): TaskInfo => ({
          name: 'bench',
          task_id: { value },
          agent_id,
          command: { value: command },
          resources: [scalar('cpus', CPUS), scalar('mem', MEM)],
        }),
      );
      const offer_ids = [...offers.values()].map(({ id }) => id);
      offers.clear();
      void connection.call({
        type: 'ACCEPT',
        accept: {
          offer_ids,
          operations: [{ type: 'LAUNCH', launch: { task_infos } }],
          filters: { refuse_seconds: 0 },
        },
      });
      return performance.now();
    },
    kill: (value) => void connection.call({ type: 'KILL', kill: { task_id: { value } } }),
    close: async () => {
      await connection.call({ type: 'TEARDOWN' });
      await connection.close();
    },
  };
  const take = (event: Event): void => {
    if (event.type === 'RESCIND') offers.delete(event.rescind.offer_id.value);
    if (event.type === 'OFFERS') {
      for (const offer of event.offers.offers ?? []) offers.set(offer.id.value, offer);
      offered();
    }
    if (event.type !== 'UPDATE') return;
    const { status } = event.update;
    scheduler.onStatus(status);
    const { task_id, agent_id, uuid } = status;
    if (uuid === undefined || agent_id === undefined) return;
    void connection.call({ type: 'ACKNOWLEDGE', acknowledge: { task_id, agent_id, uuid } });
  };
  const connection = connectScheduler({
    masterUrls: [masterUrl],
    frameworkInfo: {
      user: 'root',
      name: 'bench',
      roles: [ROLE],
      checkpoint: true,
      failover_timeout: 3600,
      capabilities: [{ type: 'MULTI_ROLE' }],
    },
    onEvent: take,
    onRefused: (message) => {
      throw new Error(message);
    },
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
  });
  return scheduler;
};

const roomIn = (offers: Iterable<Offer>): number => {
  const resources = [...offers].flatMap((offer) => offer.resources ?? []);
  return Math.floor(Math.min(scalarOf(resources, 'cpus') / CPUS, scalarOf(resources, 'mem') / MEM) + 1e-6);
};

const scalar = (name: string, value: number) => ({
  name,
  type: 'SCALAR' as const,
  scalar: { value },
  allocation_info: { role: ROLE },
});
