import { runSpecOf } from '../groups/root-group.ts';
import { cancelDeployment } from './deployments.ts';
import { dueAtMs } from './due-at-ms.ts';
import { affectedSpecs } from './planner.ts';
import { rollBack } from './root-changes.ts';
import type { Deployment } from './state.ts';
import type { Turn } from './turn.ts';

/** Time that Marathon was not there is not counted: nothing could get on meanwhile. */
export const restartDeadlines = (turn: Turn): void => {
  for (const deployment of [...turn.state.deployments.values()]) {
    const { deadline } = deployment;
    if (deadline)
      turn.saveDeployment({ ...deployment, deadline: { ...deadline, progressedAtMs: turn.nowMs } });
  }
  judgeDeadlines(turn);
};

/** Fails the deployments that have not got on for as long as they may, and rolls those back that ask for it. */
export const judgeDeadlines = (turn: Turn): void => {
  const { state, nowMs } = turn;
  for (const deployment of [...state.deployments.values()]) {
    const { deadline, plan } = deployment;
    if (deadline === undefined || !state.deployments.has(plan.id)) continue;
    if (dueAtMs(deployment) > nowMs) continue;
    const end = { outcome: 'failed', reason: failureReason(turn, deployment) } as const;
    // What undoes it may get stuck too, and then has to end as well.
    if (deadline.rollsBack)
      rollBack(turn, deployment, { end, deadline: { limitMs: deadline.limitMs, rollsBack: false } });
    else cancelDeployment(turn, deployment, end);
  }
  const nextMs = [...state.deployments.values()].reduce(
    (next, deployment) => Math.min(next, dueAtMs(deployment)),
    Number.POSITIVE_INFINITY,
  );
  if (nextMs !== Number.POSITIVE_INFINITY) turn.setTimer('deadlines', nextMs - nowMs);
};

/** Of many apps that wait, so many are named. */
const MOST_NAMED = 10;

const failureReason = ({ state }: Turn, { plan, deadline }: Deployment): string => {
  const unfinished = affectedSpecs(plan.steps).flatMap((id) => {
    const { currentReady, total } = state.instances.counts(id);
    const spec = runSpecOf(state.root, id);
    if (spec === undefined) return total > 0 ? [`${id} has ${total} instances that have not ended`] : [];
    if (currentReady >= spec.instances && total <= spec.instances) return [];
    const waiting = state.instances.scheduled(id).size;
    return [
      `${id} has ${currentReady} of ${spec.instances} instances ready${waiting > 0 ? `, ${waiting} wait to be launched` : ''}`,
    ];
  });
  const rest = unfinished.length - MOST_NAMED;
  const named = [...unfinished.slice(0, MOST_NAMED), ...(rest > 0 ? [`and ${rest} more`] : [])];
  const end = deadline?.rollsBack ? '; it is rolled back' : '';
  return `No progress for ${(deadline?.limitMs ?? 0) / 1000} s: ${named.join('; ')}${end}`;
};
