import type {
  DeploymentAction,
  DeploymentPlan,
  DeploymentStep,
  DeploymentView,
  EndedDeployment,
  StageView,
} from '../../engine.ts';
import { time } from './task-json.ts';

/** A deployment that is under way (marathon.md 1.9). */
export const deploymentJson = (deployment: DeploymentView): object => ({
  id: deployment.id,
  version: deployment.version,
  affectedApps: deployment.affectedApps,
  affectedPods: deployment.affectedPods,
  steps: stepsJson(deployment),
  currentActions: deployment.currentActions.map((action) => ({
    ...actionJson(action),
    readinessCheckResults: action.readinessCheckResults,
  })),
  currentStep: deployment.currentStep,
  totalSteps: deployment.steps.length,
  // Strict clients know no such keys, and only deployments that go beyond Marathon have them.
  ...(deployment.stages.length > 0 && { rollouts: deployment.stages.map(stageJson) }),
  ...(deployment.deadline && { deadline: deadlineJson(deployment.deadline) }),
});

const deadlineJson = ({ limitMs, rollsBack, dueAtMs }: NonNullable<DeploymentView['deadline']>): object => ({
  seconds: limitMs / 1_000,
  onDeadline: rollsBack ? 'rollback' : 'fail',
  ...(Number.isFinite(dueAtMs) && { at: time(dueAtMs) }),
});

const stageJson = ({ specId, pausedSinceMs, pausedUntilMs, ...stage }: StageView): object => ({
  id: specId,
  ...stage,
  ...(pausedSinceMs !== undefined && {
    paused: {
      since: time(pausedSinceMs),
      ...(pausedUntilMs !== undefined && { until: time(pausedUntilMs) }),
    },
  }),
});

/** One that is over: Marathon itself forgets those. */
export const endedDeploymentJson = ({ endedAtMs, ...ended }: EndedDeployment): object => ({
  ...ended,
  endedAt: time(endedAtMs),
});

export const stepsJson = ({ steps }: Pick<DeploymentPlan, 'steps'>): object[] => steps.map(stepJson);

const stepJson = ({ actions }: DeploymentStep): object => ({ actions: actions.map(actionJson) });

const actionJson = (action: DeploymentAction): object =>
  'app' in action ? { action: action.action, app: action.app } : { action: action.action, pod: action.pod };
