import { cancelDeployment } from './deployments.ts';
import { affectedSpecs } from './planner.ts';
import { undoing, updateRoot } from './root-changes.ts';
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
  let nextMs = Number.POSITIVE_INFINITY;
  for (const deployment of [...state.deployments.values()]) {
    const { deadline, plan } = deployment;
    if (deadline === undefined || !state.deployments.has(plan.id)) continue;
    const dueMs = deadline.progressedAtMs + deadline.limitMs;
    if (dueMs > nowMs) {
      nextMs = Math.min(nextMs, dueMs);
      continue;
    }
    cancelDeployment(turn, deployment, failureReason(turn, deployment));
    if (deadline.rollsBack) updateRoot(turn, { force: true, change: undoing(deployment) });
  }
  if (nextMs !== Number.POSITIVE_INFINITY) turn.setTimer('deadlines', nextMs - nowMs);
};

const failureReason = ({ state }: Turn, { plan, deadline }: Deployment): string => {
  const apps = affectedSpecs(plan.steps).flatMap((id) => {
    const app = state.root.apps.get(id);
    if (app === undefined) return [];
    const { currentReady } = state.instances.counts(id);
    const waiting = state.instances.scheduled(id).size;
    return [
      `${id} has ${currentReady} of ${app.instances} instances ready${waiting > 0 ? `, ${waiting} wait to be launched` : ''}`,
    ];
  });
  const end = deadline?.rollsBack ? '; it is rolled back' : '';
  return `No progress for ${(deadline?.limitMs ?? 0) / 1000} s: ${apps.join('; ')}${end}`;
};
