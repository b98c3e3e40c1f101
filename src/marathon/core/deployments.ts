import { asApp } from '../definitions/run-spec.ts';
import { type DeploymentStep, type EarlyEnd, targetOf } from '../engine.ts';
import { runSpecOf } from '../groups/root-group.ts';
import { advanceAction } from './actions.ts';
import { rememberEnd } from './ended-deployments.ts';
import { deploymentKey } from './keys.ts';
import { noteProgress } from './note-progress.ts';
import { affectedSpecs } from './planner.ts';
import { dropFormerBackOffs } from './rollout/rollout.ts';
import { tellAborted, tellFirstStages } from './rollout/tell-stage.ts';
import { scaleApp, stopApp } from './scale.ts';
import type { Deployment } from './state.ts';
import type { Turn } from './turn.ts';

/** Sets a deployment going: it holds its apps until it ends, and begins with its first step. */
export const startDeployment = (turn: Turn, deployment: Deployment): void => {
  turn.saveDeployment(deployment);
  lockApps(turn, deployment);
  if (deployment.deadline) turn.setTimer('deadlines', 0);
  beginStep(turn, deployment);
  if (deployment.plan.steps.length === 0) finish(turn, deployment);
};

/** Goes on with a deployment that an earlier life has left, at the step where it was. */
export const resumeDeployment = (turn: Turn, deployment: Deployment): void => {
  lockApps(turn, deployment);
  beginStep(turn, deployment);
};

/** Drops a deployment; what it has done so far stays. */
export const cancelDeployment = (turn: Turn, deployment: Deployment, end: EarlyEnd): void => {
  tellAborted(turn, deployment, end);
  forget(turn, deployment);
  rememberEnd(turn, deployment, end);
  const { plan, rollouts = {} } = deployment;
  // What takes its place may hold them still.
  if (end.outcome !== 'superseded') dropFormerBackOffs(turn.state, Object.keys(rollouts));
  turn.publish({ eventType: 'deployment_failed', id: plan.id, plan, reason: end.reason });
};

/**
 * Looks at the apps that something happened to, until nothing more comes of it: those that a deployment is working on are
 * taken further, those that nobody works on are brought to their number of instances.
 */
export const lookAtTouchedApps = (turn: Turn): void => {
  const { state, touched } = turn;
  for (const appId of touched) {
    touched.delete(appId);
    const deployment = state.deployments.get(state.locks.get(appId) ?? '');
    if (deployment === undefined) keepScale(turn, appId);
    else if (state.openActions.get(deployment.plan.id)?.has(appId)) advance(turn, deployment, appId);
    else if (isPast(deployment, appId)) keepScale(turn, appId);
  }
};

/** An app that is gone, and whose deployment was dropped, must not go on running. */
const keepScale = (turn: Turn, appId: string): void => {
  const app = runSpecOf(turn.state.root, appId);
  if (app) scaleApp(turn, app);
  else stopApp(turn, appId);
};

/** The deployment has brought the app to where it should be, and is now at others. */
const isPast = ({ plan, stepIndex }: Deployment, appId: string): boolean =>
  !plan.steps
    .slice(stepIndex + 1)
    .some(({ actions }) => actions.some((action) => targetOf(action) === appId));

const advance = (turn: Turn, known: Deployment, appId: string): void => {
  const deployment = noteProgress(turn, known);
  const open = turn.state.openActions.get(deployment.plan.id);
  const action = stepOf(deployment).actions.find((one) => targetOf(one) === appId);
  if (open === undefined || action === undefined || !advanceAction(turn, action, deployment)) return;
  open.delete(appId);
  if (open.size > 0) return;

  // What the action has noted about itself is kept.
  const advanced = turn.state.deployments.get(known.plan.id) ?? deployment;
  const { plan, stepIndex } = advanced;
  turn.publish({ eventType: 'deployment_step_success', plan, currentStep: stepOf(deployment) });
  if (stepIndex + 1 >= plan.steps.length) {
    finish(turn, advanced);
    return;
  }
  const next = { ...advanced, stepIndex: stepIndex + 1 };
  turn.saveDeployment(next);
  beginStep(turn, next);
};

const beginStep = (turn: Turn, deployment: Deployment): void => {
  const step = stepOf(deployment);
  const apps = step.actions.map(targetOf);
  turn.state.openActions.set(deployment.plan.id, new Set(apps));
  for (const app of apps) turn.touched.add(app);
  turn.publish({ eventType: 'deployment_info', plan: deployment.plan, currentStep: step });
  tellFirstStages(turn, deployment);
  for (const action of step.actions) {
    const app = targetOf(action);
    const definition = asApp(runSpecOf(turn.state.root, app));
    if (action.action !== 'StartApplication' || definition === undefined) continue;
    for (const healthCheck of definition.healthChecks) {
      turn.publish({
        eventType: 'add_health_check_event',
        appId: app,
        version: definition.version,
        healthCheck,
      });
    }
  }
};

const finish = (turn: Turn, deployment: Deployment): void => {
  forget(turn, deployment);
  rememberEnd(turn, deployment, { outcome: 'succeeded' });
  dropFormerBackOffs(turn.state, Object.keys(deployment.rollouts ?? {}));
  const { plan } = deployment;
  turn.publish({ eventType: 'deployment_success', id: plan.id, plan });
};

const forget = (turn: Turn, { plan }: Deployment): void => {
  const { state } = turn;
  state.deployments.delete(plan.id);
  state.openActions.delete(plan.id);
  turn.save(deploymentKey(plan.id), undefined);
  for (const app of affectedSpecs(plan.steps)) {
    if (state.locks.get(app) !== plan.id) continue;
    state.locks.delete(app);
    lockChanged(turn, app);
  }
};

const lockApps = (turn: Turn, { plan }: Deployment): void => {
  for (const app of affectedSpecs(plan.steps)) {
    turn.state.locks.set(app, plan.id);
    lockChanged(turn, app);
  }
};

/** Readiness counts only while a deployment waits for it. */
const lockChanged = (turn: Turn, appId: string): void => {
  const { state } = turn;
  turn.touched.add(appId);
  if ((state.root.apps.get(appId)?.readinessChecks.length ?? 0) > 0) state.instances.refreshApp(appId);
};

const NO_STEP: DeploymentStep = { actions: [] };

const stepOf = ({ plan, stepIndex }: Deployment): DeploymentStep => plan.steps[stepIndex] ?? NO_STEP;
