import type { DeploymentPlan, InstanceView } from '../engine.ts';
import { UnknownDeployment } from '../engine.ts';
import { runSpecOf } from '../groups/root-group.ts';
import { cancelDeployment } from './deployments.ts';
import type { MarathonInput } from './input.ts';
import { endInstance, killTask } from './instance-life.ts';
import { continueDeployment } from './rollout/continue-deployment.ts';
import { backOffKey, launchSpecs } from './rollout/rollout.ts';
import { rollBack, updateRoot } from './root-changes.ts';
import type { Turn } from './turn.ts';
import { instanceView } from './views.ts';

type Request = Extract<MarathonInput, { requestId: number }>;

/** Does what the API asks for, and answers when that is durable. A request that is refused has changed nothing. */
export const handleRequest = (turn: Turn, request: Request): void => {
  try {
    turn.answer(request.requestId, { type: 'done', value: carryOut(turn, request) });
  } catch (error) {
    turn.answer(request.requestId, { type: 'refused', error });
  }
};

const carryOut = (turn: Turn, request: Request): unknown => {
  switch (request.type) {
    case 'update-root':
      return updateRoot(turn, request.update);
    case 'kill-instances':
      return killInstances(turn, request);
    case 'cancel-deployment':
      return cancel(turn, request);
    case 'continue-deployment':
      return continueDeployment(turn, request);
    case 'reset-delay':
      return resetDelay(turn, request.appId);
  }
};

const killInstances = (
  turn: Turn,
  { instanceIds, wipe }: Extract<Request, { type: 'kill-instances' }>,
): InstanceView[] => {
  const { state } = turn;
  const killed: InstanceView[] = [];
  for (const id of new Set(instanceIds)) {
    const instance = state.instances.get(id);
    if (instance === undefined) continue;
    killed.push(instanceView(state, instance));
    if (wipe) endInstance(turn, instance, 'Decommissioned');
    else killTask(turn, instance);
  }
  return killed;
};

const cancel = (
  turn: Turn,
  { id, force, deadline }: Extract<Request, { type: 'cancel-deployment' }>,
): DeploymentPlan | undefined => {
  const deployment = turn.state.deployments.get(id);
  if (deployment === undefined) throw new UnknownDeployment(id);
  if (force) {
    cancelDeployment(turn, deployment, { outcome: 'cancelled', reason: 'The deployment was cancelled' });
    return undefined;
  }
  const end = { outcome: 'rolled-back', reason: 'The deployment was rolled back' } as const;
  return rollBack(turn, deployment, { end, deadline });
};

const resetDelay = (turn: Turn, appId: string): boolean => {
  const { state } = turn;
  const app = runSpecOf(state.root, appId);
  if (app === undefined || !state.queue.has(appId)) return false;
  for (const spec of launchSpecs(state, appId)) {
    state.backOffs.delete(backOffKey(spec, state));
    state.master.rolesToRevive.add(spec.role);
  }
  turn.isDemandChanged = true;
  return true;
};
