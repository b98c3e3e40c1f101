import type { Event } from '../mesos/generated/scheduler.ts';
import type {
  SchedulerCall,
  SchedulerConnection,
  SchedulerConnectionOptions,
} from '../sdk/scheduler-connection.ts';

/** How often what has passed between Marathon and the master since its start, by the names of metrics (marathon.md 1.14). */
export type MesosCounters = ReadonlyMap<string, number>;

type Line = Pick<SchedulerConnectionOptions, 'onEvent'>;

/** Counts what passes over a line to the master; `connect` opens it. */
export const countingLine = <Options extends Line>(
  counters: Map<string, number>,
  connect: (options: Options) => SchedulerConnection,
  options: Options,
): SchedulerConnection => {
  const count = (name: string, more = 1): void => {
    counters.set(`marathon.${name}.counter`, (counters.get(`marathon.${name}.counter`) ?? 0) + more);
  };
  const connection = connect({
    ...options,
    onEvent: (event) => {
      countEvent(event, count);
      return options.onEvent(event);
    },
  });
  return {
    get isConnected() {
      return connection.isConnected;
    },
    get frameworkId() {
      return connection.frameworkId;
    },
    call: (call) => {
      countCall(call, count);
      return connection.call(call);
    },
    close: () => connection.close(),
  };
};

type Count = (name: string, more?: number) => void;

const countEvent = (event: Event, count: Count): void => {
  if (event.type === 'OFFERS') count('mesos.offers.incoming', event.offers.offers?.length ?? 0);
  if (event.type === 'UPDATE') count(`mesos.task-updates.${dashed(event.update.status.state)}`);
};

const countCall = (call: SchedulerCall, count: Count): void => {
  switch (call.type) {
    case 'REVIVE':
    case 'SUPPRESS':
      count(`mesos.calls.${dashed(call.type)}`);
      break;
    case 'DECLINE':
      count('mesos.offers.declined', call.decline.offer_ids?.length ?? 0);
      break;
    case 'ACCEPT':
      count('mesos.offers.used', call.accept.offer_ids?.length ?? 0);
      for (const operation of call.accept.operations ?? []) {
        count(`mesos.offer-operations.${dashed(operation.type ?? 'UNKNOWN')}`);
        if (operation.type === 'LAUNCH') count('tasks.launched', operation.launch?.task_infos?.length ?? 0);
        if (operation.type !== 'LAUNCH_GROUP') continue;
        count('tasks.launched', operation.launch_group?.task_group.tasks?.length ?? 0);
      }
      break;
    default:
      break;
  }
};

/** `TASK_RUNNING` becomes `task-running`. */
const dashed = (name: string): string => name.toLowerCase().replaceAll('_', '-');
