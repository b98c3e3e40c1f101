import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MarathonEvent } from '../../clients/marathon-types.ts';
import type { MesosClient } from '../../clients/mesos-client.ts';
import type { Event } from '../../mesos/generated/master.ts';

/** Something that happened in the cluster. */
export interface ClusterEvent {
  readonly source: 'mesos' | 'marathon';
  readonly type: string;
  readonly time: string;
  /** What a person wants to know of it. */
  readonly text: string;
  /** As the server sent it. */
  readonly event: object;
}

/** Both streams as they come, the master's without its snapshot and heartbeats. Ends with an error when one of them breaks. */
export async function* clusterEvents(
  { mesos, marathon }: { readonly mesos: MesosClient; readonly marathon: MarathonClient },
  now: () => number,
): AsyncGenerator<ClusterEvent> {
  yield* merged([fromMesos(mesos, now), fromMarathon(marathon, now)]);
}

async function* fromMesos(mesos: MesosClient, now: () => number): AsyncGenerator<ClusterEvent> {
  for await (const event of mesos.events()) {
    if (event.type === 'SUBSCRIBED' || event.type === 'HEARTBEAT') continue;
    yield {
      source: 'mesos',
      type: event.type,
      time: new Date(now()).toISOString(),
      text: mesosText(event),
      event,
    };
  }
}

async function* fromMarathon(marathon: MarathonClient, now: () => number): AsyncGenerator<ClusterEvent> {
  for await (const event of marathon.events()) {
    yield {
      source: 'marathon',
      type: event.eventType,
      time: event.timestamp ?? new Date(now()).toISOString(),
      text: marathonText(event),
      event,
    };
  }
}

const mesosText = (event: Event): string => {
  switch (event.type) {
    case 'TASK_ADDED': {
      const { task_id, agent_id } = event.task_added.task;
      return `${task_id.value} on ${agent_id.value}`;
    }
    case 'TASK_UPDATED': {
      const { status, state } = event.task_updated;
      return [status.task_id.value, state ?? status.state, status.message].filter(Boolean).join(' ');
    }
    case 'AGENT_ADDED': {
      const { hostname, id } = event.agent_added.agent.agent_info;
      return `${hostname}${id ? ` ${id.value}` : ''}`;
    }
    case 'AGENT_REMOVED':
      return event.agent_removed.agent_id.value;
    case 'FRAMEWORK_ADDED':
      return event.framework_added.framework.framework_info.name;
    case 'FRAMEWORK_UPDATED':
      return event.framework_updated.framework.framework_info.name;
    case 'FRAMEWORK_REMOVED':
      return event.framework_removed.framework_info.name;
    default:
      return '';
  }
};

/** The fields that say what an event is about, in this order. */
const TELLING = [
  'appId',
  'runSpecId',
  'app',
  'pod',
  'taskId',
  'instanceId',
  'taskStatus',
  'condition',
  'alive',
  'groupId',
  'id',
  'reason',
  'message',
  'host',
];

const marathonText = (event: MarathonEvent): string => {
  const { plan } = event as { readonly plan?: { readonly id?: string } };
  const texts = TELLING.flatMap((name) => {
    const value = event[name];
    return value === undefined || value === '' || typeof value === 'object' ? [] : [String(value)];
  });
  return (texts.length === 0 && plan?.id !== undefined ? [plan.id] : texts).join(' ');
};

/** Values of several streams in the order in which they come. */
async function* merged<Value>(streams: readonly AsyncGenerator<Value>[]): AsyncGenerator<Value> {
  type Next = { readonly stream: AsyncGenerator<Value>; readonly result: IteratorResult<Value> };
  const next = async (stream: AsyncGenerator<Value>): Promise<Next> => ({
    stream,
    result: await stream.next(),
  });
  const pending = new Map(streams.map((stream) => [stream, next(stream)]));
  try {
    while (pending.size > 0) {
      const { stream, result } = await Promise.race(pending.values());
      if (result.done) pending.delete(stream);
      else {
        pending.set(stream, next(stream));
        yield result.value;
      }
    }
  } finally {
    for (const promise of pending.values()) promise.catch(() => undefined);
  }
}
