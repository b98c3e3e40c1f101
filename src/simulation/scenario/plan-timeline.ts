import type { ScenarioDocument, TimelineEvent } from '../../../schemas/generated/scenario.ts';
import type { Complain } from './plan-scenario.ts';
import type { Target, TimelineAction, TimelineEntry } from './scenario.ts';
import { parseSelector } from './selector.ts';
import { durationMs } from './units.ts';

const ACTIONS = [
  'kill',
  'partition',
  'drain',
  'reactivate',
  'restore',
  'scale',
  'quota',
  'weight',
  'reserve',
  'burst',
  'failover',
] as const;

/** What happens and when, in the order of the time; at the same time in the order in which it is written. */
export const planTimeline = (
  { timeline = [], frameworks = [], marathon }: ScenarioDocument,
  complain: Complain,
): TimelineEntry[] => {
  const entries = timeline.flatMap((event, index): TimelineEntry[] => {
    const path = ['timeline', index];
    const named = ACTIONS.filter((action) => event[action] !== undefined);
    if (named.length !== 1) {
      complain(path, `must have one of ${ACTIONS.join(', ')}${named.length > 1 ? ', and has several' : ''}`);
      return [];
    }
    if (event.scale !== undefined && marathon === undefined)
      complain(path, 'scales an app, and there is no marathon');
    const { burst } = event;
    if (burst && !frameworks.some(({ name }) => burst.framework.startsWith(name))) {
      complain([...path, 'burst', 'framework'], `is no framework of this scenario`);
    }
    const action = actionOf(event, (text) => {
      const selector = parseSelector(text);
      if (!selector)
        complain(path, `"${text}" selects no agents: write attribute=value, hostname=glob or all`);
      return { selector: selector ?? { text, matches: () => false }, pick: event.pick };
    });
    return action ? [{ atMs: durationMs(event.at), action }] : [];
  });
  return entries.sort((one, other) => one.atMs - other.atMs);
};

const actionOf = (event: TimelineEvent, target: (text: string) => Target): TimelineAction | undefined => {
  const forMs = event.for === undefined ? undefined : durationMs(event.for);
  const { kill, partition, drain, reactivate, restore, scale, quota, weight, reserve, burst, failover } =
    event;
  if (kill !== undefined) return { type: 'kill', target: target(kill), forMs };
  if (partition !== undefined) return { type: 'partition', target: target(partition), forMs };
  if (drain !== undefined) return { type: 'drain', target: target(drain), forMs };
  if (reactivate !== undefined) return { type: 'reactivate', target: target(reactivate) };
  if (restore !== undefined) return { type: 'restore', target: target(restore) };
  if (scale) return { type: 'scale', ...scale };
  if (quota) {
    const { role, guarantee = {}, limit = {} } = quota;
    return { type: 'quota', role, guarantee, limit };
  }
  if (weight) return { type: 'weight', ...weight };
  if (reserve) {
    const { agents, role, resources } = reserve;
    return { type: 'reserve', target: target(agents), role, amounts: resources };
  }
  if (burst) return { type: 'burst', framework: burst.framework, task: burst.task, tasks: burst.tasks };
  if (failover !== undefined) return { type: 'failover', forMs: durationMs(failover) };
  return undefined;
};
