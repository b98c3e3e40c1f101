import { agentOf, fieldValue, type OfferedAgent } from '../../mesos/agent-fields.ts';
import type { Offer, Resource, TaskInfo } from '../../mesos/generated/mesos.ts';
import { subtractResources } from '../../mesos/resources/arithmetic.ts';
import { isReserved } from '../../mesos/resources/traits.ts';
import type { PlacementConstraint } from '../definitions/job.ts';
import { taskIdOf } from './run-tasks.ts';
import type { Run } from './state.ts';
import { taskInfo } from './task-info.ts';
import type { Turn } from './turn.ts';
import { readyRuns } from './waiting.ts';

/** How long the master keeps back what was of no use. */
const REFUSE_SECONDS = 5;

/** Launches on offers what waits, first come, first served, and declines the rest. */
export const handleOffers = (turn: Turn, offers: readonly Offer[]): void => {
  for (const offer of offers) {
    const tasks = launchOn(turn, offer);
    const filters = { refuse_seconds: REFUSE_SECONDS };
    if (tasks.length === 0) {
      turn.call({ type: 'DECLINE', decline: { offer_ids: [offer.id], filters } });
    } else {
      const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: tasks } }];
      turn.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters } });
    }
  }
};

const RETURN_AFTER_MS = 1_000;

/** An answer to offers did not get through for certain: they are declined once more, which harms nothing if it did. */
export const returnLater = (turn: Turn, offerIds: Offer['id'][] = []): void => {
  for (const { value } of offerIds) turn.state.offersToReturn.add(value);
  turn.setTimer('return-offers', RETURN_AFTER_MS);
};

export const returnOffers = (turn: Turn): void => {
  const offerIds = [...turn.state.offersToReturn].map((value) => ({ value }));
  turn.state.offersToReturn.clear();
  if (offerIds.length === 0 || !turn.state.isConnected) return;
  turn.call({
    type: 'DECLINE',
    decline: { offer_ids: offerIds, filters: { refuse_seconds: REFUSE_SECONDS } },
  });
};

/** The tasks are durable before the master hears of them, as the call leaves only then. */
const launchOn = (turn: Turn, offer: Offer): TaskInfo[] => {
  const agent = agentOf(offer);
  let left: readonly Resource[] = offer.resources ?? [];
  const tasks: TaskInfo[] = [];
  for (const run of readyRuns(turn)) {
    if (!run.definition.placement.constraints.every((constraint) => holds(constraint, agent))) continue;
    const taken = takeFor(run, left);
    const rest = taken && subtractResources(left, taken);
    if (!taken || !rest) continue;
    left = rest;
    const id = taskIdOf(run);
    const { nowMs } = turn;
    const task = { id, agentId: agent.id, state: 'TASK_STAGING' as const, createdAtMs: nowMs };
    turn.setRun({ ...run, tasks: [...run.tasks, task] });
    tasks.push(taskInfo({ run, taskId: id, agent, resources: taken }));
  }
  return tasks;
};

/** An agent without the attribute is like none, and unlike all. */
const holds = ({ attribute, operator, value }: PlacementConstraint, agent: OfferedAgent): boolean => {
  const there = fieldValue(agent, attribute);
  switch (operator) {
    case 'IS':
      return there === value;
    case 'LIKE':
      return there !== undefined && new RegExp(`^(?:${value})$`).test(there);
    case 'UNLIKE':
      return there === undefined || !new RegExp(`^(?:${value})$`).test(there);
  }
};

/** What a run needs, out of what is reserved for nobody; undefined when that is not enough. */
const takeFor = ({ definition }: Run, offered: readonly Resource[]): Resource[] | undefined => {
  const { cpus, mem, disk, gpus } = definition;
  const taken: Resource[] = [];
  for (const [name, amount] of Object.entries({ cpus, mem, disk, gpus })) {
    let missing = thousandths(amount);
    for (const resource of offered) {
      if (missing === 0) break;
      if (resource.name !== name || !isPlain(resource)) continue;
      const part = Math.min(missing, thousandths(resource.scalar?.value ?? 0));
      if (part === 0) continue;
      taken.push({ ...resource, scalar: { value: part / 1_000 } });
      missing -= part;
    }
    if (missing > 0) return undefined;
  }
  return taken;
};

const thousandths = (amount: number): number => Math.round(amount * 1_000);

const isPlain = (resource: Resource): boolean =>
  !isReserved(resource) && resource.revocable === undefined && resource.disk === undefined;
