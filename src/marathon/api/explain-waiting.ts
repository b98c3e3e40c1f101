import type { AppDefinition } from '../definitions/app.ts';
import { type DeploymentView, type InstanceView, targetOf } from '../engine.ts';
import type { ApiContext } from './api-context.ts';
import { explainQueueItem } from './explain-offers.ts';
import { time } from './json/task-json.ts';

/** What holds a deployment up, in sentences that begin with the app or pod; empty when nothing does. */
export const explainDeployment = (
  { engine, clock }: ApiContext,
  { currentActions }: DeploymentView,
): string[] => {
  const ids = new Set(currentActions.map(targetOf));
  const facts = { nowMs: clock.now(), isConnected: engine.facts.isConnected };
  const queued = engine.queue().filter(({ spec }) => ids.has(spec.id));
  return [...ids].flatMap((id) => [
    ...queued
      .filter(({ spec }) => spec.id === id)
      .flatMap((item) => [
        `${id}: ${item.count} of its instances wait to be launched`,
        ...explainQueueItem(item, facts).map((reason) => `${id}: ${reason}`),
      ]),
    ...explainInstances(engine.root.apps.get(id), engine.instances(id)).map((reason) => `${id}: ${reason}`),
  ]);
};

/** Of many instances that wait for the same thing, so many are named. */
const MOST_NAMED = 3;

const explainInstances = (
  app: AppDefinition | undefined,
  instances: readonly InstanceView[],
): readonly string[] => {
  const reasons = new Map<string, InstanceView[]>();
  for (const instance of instances) {
    const reason = whyNotDone(app, instance);
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

const placeOf = ({ task, id, agent, sinceMs }: InstanceView): string =>
  `${task?.id ?? id}${agent ? ` on ${agent.hostname}` : ''} since ${time(sinceMs)}`;

const whyNotDone = (app: AppDefinition | undefined, instance: InstanceView): string | undefined => {
  const { condition, goal, task, healthResults, isReady } = instance;
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
  if (app === undefined) return undefined;
  const sick = healthResults.find(({ alive }) => !alive);
  if (sick) return `not healthy (${sick.lastFailureCause ?? 'its check failed'})`;
  if (healthResults.length < app.healthChecks.length)
    return 'running, without an answer of its health checks';
  if (app.readinessChecks.length > 0 && isReady !== true && instance.appVersion === app.version) {
    return 'running, and not ready by the readiness check';
  }
  return undefined;
};
