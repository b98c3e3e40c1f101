import type { PodInstanceView } from '../core/pods/pod-view.ts';
import type { AppDefinition } from '../definitions/app.ts';
import {
  type DeploymentView,
  type InstanceView,
  type MarathonEngine,
  type StageView,
  targetOf,
} from '../engine.ts';
import type { ApiContext } from './api-context.ts';
import { explainQueueItem } from './explain-offers.ts';
import { shownTaskId, time } from './json/task-json.ts';

/** What holds a deployment up, in sentences that begin with the app or pod; empty when nothing does. */
export const explainDeployment = (
  { engine, clock }: ApiContext,
  { currentActions, stages }: DeploymentView,
): string[] => {
  const ids = new Set(currentActions.map(targetOf));
  const facts = { nowMs: clock.now(), isConnected: engine.facts.isConnected };
  const queued = engine.queue().filter(({ spec }) => ids.has(spec.id));
  return [...ids].flatMap((id) => [
    ...stages.filter(({ specId }) => specId === id).map((stage) => `${id}: ${explainStage(stage)}`),
    ...queued
      .filter(({ spec }) => spec.id === id)
      .flatMap((item) => [
        `${id}: ${item.count} of its instances wait to be launched`,
        ...explainQueueItem(item, facts).map((reason) => `${id}: ${reason}`),
      ]),
    ...explainInstances(engine.instances(id), checksOf(engine, id)).map((reason) => `${id}: ${reason}`),
  ]);
};

/** Where a canary or blue-green upgrade stands, and what has it go on. */
const explainStage = ({ step, totalSteps, target, ready, ...pause }: StageView): string => {
  const { pausedSinceMs, pausedUntilMs } = pause;
  const standing = `step ${step} of ${totalSteps}, ${ready} of ${target} new instances are healthy`;
  if (pausedSinceMs === undefined) return standing;
  const until = pausedUntilMs === undefined ? 'until it is continued' : `until ${time(pausedUntilMs)}`;
  return `${standing}; paused since ${time(pausedSinceMs)} ${until}`;
};

/** Of many instances that wait for the same thing, so many are named. */
const MOST_NAMED = 3;

/** What the checks of an instance that runs keep it from being used for; undefined when nothing does. */
type Checks = (instance: InstanceView) => string | undefined;

const explainInstances = (instances: readonly InstanceView[], checks: Checks): readonly string[] => {
  const reasons = new Map<string, InstanceView[]>();
  for (const instance of instances) {
    const reason = whyNotDone(instance, checks);
    if (reason === undefined) continue;
    const others = reasons.get(reason);
    if (others) others.push(instance);
    else reasons.set(reason, [instance]);
  }
  return [...reasons].map(([reason, concerned]) => {
    const named = concerned.slice(0, MOST_NAMED).map((instance) => placeOf(instance));
    const rest = concerned.length - named.length;
    return `${concerned.length} ${reason}: ${named.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`;
  });
};

const placeOf = (instance: InstanceView): string => {
  const { agent, sinceMs } = instance;
  return `${shownTaskId(instance)}${agent ? ` on ${agent.hostname}` : ''} since ${time(sinceMs)}`;
};

const whyNotDone = (instance: InstanceView, checks: Checks): string | undefined => {
  const { condition, goal, task } = instance;
  switch (condition) {
    case 'Provisioned':
      return 'launched, and not heard of by Marathon yet';
    case 'Staging':
      return 'being staged (images and artifacts are fetched)';
    case 'Starting':
      return 'starting';
    case 'Unreachable':
    case 'UnreachableInactive':
      return 'out of reach, because the agent is (it may come back, or be declared gone)';
    case 'Killing':
      return 'being killed, and not ended yet';
    case 'Running':
      break;
    default:
      return undefined;
  }
  if (goal !== 'Running' || task?.isKillWanted) return 'to be killed, and not ended yet';
  return checks(instance);
};

const checksOf = (engine: MarathonEngine, id: string): Checks => {
  const app = engine.root.apps.get(id);
  if (app) return (instance) => checksOfApp(app, instance);
  const pods = new Map(engine.podView(id)?.instances.map((instance) => [instance.id, instance]));
  return (instance) => checksOfPod(pods.get(instance.id));
};

const checksOfPod = (instance: PodInstanceView | undefined): string | undefined => {
  const unhealthy = instance?.containers.filter(({ health }) => health && health.isHealthy !== true) ?? [];
  if (unhealthy.length === 0) return undefined;
  return unhealthy
    .map(({ name, health }) =>
      health?.isHealthy === false
        ? `whose container ${name} is not healthy`
        : `whose container ${name} has no answer of its health check`,
    )
    .join(' and ');
};

const checksOfApp = (app: AppDefinition, instance: InstanceView): string | undefined => {
  const { healthResults, isReady } = instance;
  const sick = healthResults.find(({ alive }) => !alive);
  if (sick) return `not healthy (${sick.lastFailureCause ?? 'its check failed'})`;
  if (healthResults.length < app.healthChecks.length)
    return 'running, without an answer of its health checks';
  if (app.readinessChecks.length > 0 && isReady !== true && instance.appVersion === app.version) {
    return 'running, and not ready by the readiness check';
  }
  return undefined;
};
