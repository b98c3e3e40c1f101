import {
  type DeploymentView,
  type InstanceView,
  type QueueItem,
  type ReadinessResult,
  type StageView,
  type TaskCounts,
  targetOf,
} from '../engine.ts';
import { runSpecOf } from '../groups/root-group.ts';
import { delayLeftMs } from './back-off.ts';
import { dueAtMs } from './due-at-ms.ts';
import type { HealthResult } from './health-result.ts';
import type { Instance } from './instance.ts';
import { affectedBy } from './planner.ts';
import { summarizeOffers } from './queue-entry.ts';
import { stageOf } from './rollout/rollout.ts';
import type { Deployment, MarathonState } from './state.ts';

/** What the API is shown of the state. */

export const instanceView = (state: MarathonState, instance: Instance): InstanceView => ({
  ...instance,
  healthResults: (state.health.get(instance.id)?.results ?? []).filter(
    (result): result is HealthResult => result !== undefined,
  ),
});

export const taskCounts = (state: MarathonState, appId: string): TaskCounts => {
  const { staged, running, healthy, unhealthy } = state.instances.counts(appId);
  return {
    tasksStaged: staged,
    tasksRunning: running,
    tasksHealthy: healthy,
    tasksUnhealthy: unhealthy,
  };
};

export const deploymentView = (state: MarathonState, deployment: Deployment): DeploymentView => {
  const { plan, stepIndex, rollouts = {}, deadline } = deployment;
  return {
    ...plan,
    ...affectedBy(plan.steps),
    currentStep: plan.steps.length === 0 ? 0 : stepIndex + 1,
    currentActions: (plan.steps[stepIndex]?.actions ?? []).map((action) => ({
      ...action,
      readinessCheckResults: readinessOf(state, targetOf(action)),
    })),
    stages: Object.keys(rollouts).flatMap((specId) => stageView(state, specId)),
    ...(deadline && {
      deadline: { limitMs: deadline.limitMs, rollsBack: deadline.rollsBack, dueAtMs: dueAtMs(deployment) },
    }),
  };
};

const stageView = (state: MarathonState, specId: string): StageView[] => {
  const stage = stageOf(state, specId);
  if (stage === undefined) return [];
  const { rollout, step, steps } = stage;
  const { pause } = rollout;
  return [
    {
      specId,
      step: rollout.step + 1,
      totalSteps: steps,
      target: step.target,
      ready: state.instances.counts(specId).currentReady,
      ...(pause && { pausedSinceMs: pause.sinceMs }),
      ...(pause?.untilMs !== undefined && { pausedUntilMs: pause.untilMs }),
    },
  ];
};

const readinessOf = (state: MarathonState, appId: string): ReadinessResult[] =>
  (state.root.apps.get(appId)?.readinessChecks.length ?? 0) === 0
    ? []
    : state.instances.ofApp(appId).flatMap(({ id }) => state.readiness.get(id) ?? []);

export const queueView = (state: MarathonState, nowMs: number): QueueItem[] =>
  [...state.queue].flatMap(([appId, entry]) => {
    const spec = runSpecOf(state.root, appId);
    if (spec === undefined) return [];
    return [
      {
        spec,
        role: spec.role,
        count: state.instances.scheduled(appId).size,
        sinceMs: entry.sinceMs,
        delayLeftMs: delayLeftMs(spec, state.backOffs.get(appId), nowMs),
        offers: summarizeOffers(entry),
      },
    ];
  });
