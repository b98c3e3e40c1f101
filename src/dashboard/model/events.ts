import type { Event } from '../../mesos/generated/master.ts';
import { formatState } from '../view/format.ts';

/** Something that happened, as one line. */
export interface ClusterEvent {
  /** Counts up; what comes later has a higher one. */
  readonly number: number;
  readonly atSeconds: number;
  readonly source: 'master' | 'marathon';
  /** As the API calls it. */
  readonly type: string;
  /** What it is about. */
  readonly subject: string;
  readonly text: string;
}

const MOST_EVENTS = 1_000;

/** The events with further ones at the front; the oldest go when there are too many. */
export const withEvents = (
  events: readonly ClusterEvent[],
  added: readonly Omit<ClusterEvent, 'number'>[],
): readonly ClusterEvent[] => {
  const first = (events[0]?.number ?? 0) + 1;
  const numbered = added.map((event, index) => ({ ...event, number: first + index }));
  return [...numbered.toReversed(), ...events].slice(0, MOST_EVENTS);
};

/** What an event of the master tells; undefined for those that only keep the stream alive. */
export const eventOfMaster = (event: Event, atSeconds: number): Omit<ClusterEvent, 'number'> | undefined => {
  const about = (subject: string, text = ''): Omit<ClusterEvent, 'number'> => ({
    atSeconds,
    source: 'master',
    type: event.type,
    subject,
    text,
  });
  switch (event.type) {
    case 'TASK_ADDED':
      return about(event.task_added.task.task_id.value, formatState(event.task_added.task.state));
    case 'TASK_UPDATED': {
      const { state, status } = event.task_updated;
      const message = [formatState(state), status.message ?? ''].filter(Boolean).join(': ');
      return about(status.task_id.value, message);
    }
    case 'AGENT_ADDED':
      return about(event.agent_added.agent.agent_info.hostname, event.agent_added.agent.agent_info.id?.value);
    case 'AGENT_REMOVED':
      return about(event.agent_removed.agent_id.value);
    case 'FRAMEWORK_ADDED':
      return about(event.framework_added.framework.framework_info.name);
    case 'FRAMEWORK_UPDATED':
      return about(event.framework_updated.framework.framework_info.name);
    case 'FRAMEWORK_REMOVED':
      return about(event.framework_removed.framework_info.name);
    default:
      return undefined;
  }
};

/** What an event of Marathon tells (marathon.md 1.12): its type, and the fields that say what it is about. */
export const eventOfMarathon = (data: string): Omit<ClusterEvent, 'number'> | undefined => {
  const fields = JSON.parse(data) as Readonly<Record<string, unknown>>;
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const { plan } = fields as { plan?: { id?: string } };
  return {
    atSeconds: Date.parse(text('timestamp')) / 1_000,
    source: 'marathon',
    type: text('eventType'),
    subject:
      text('taskId') ||
      text('instanceId') ||
      text('runSpecId') ||
      text('appId') ||
      text('id') ||
      plan?.id ||
      '',
    text: [text('taskStatus') || text('condition'), text('message') || text('reason') || text('uri')]
      .filter(Boolean)
      .join(': '),
  };
};
