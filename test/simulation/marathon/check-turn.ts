import { definitionOf } from '../../../src/marathon/core/definition-of.ts';
import type { MarathonInput } from '../../../src/marathon/core/input.ts';
import { type Instance, isActive } from '../../../src/marathon/core/instance.ts';
import type { MarathonState } from '../../../src/marathon/core/state.ts';
import { isBound, isPod, type RunSpec } from '../../../src/marathon/definitions/run-spec.ts';
import { targetOf } from '../../../src/marathon/engine.ts';
import { runSpecOf } from '../../../src/marathon/groups/root-group.ts';
import { insist } from './insist.ts';

/** Instances as they were at one moment. Judged here and not by the core, whose judgement is what is tested. */
export interface Snapshot {
  readonly instances: ReadonlyMap<string, Instance>;
  /** Ids of those that serve. */
  readonly ready: ReadonlySet<string>;
}

export const snapshotOf = (state: MarathonState): Snapshot => {
  const instances = new Map([...state.instances.all()].map((instance) => [instance.id, instance]));
  const ready = new Set([...instances.values()].filter((one) => serves(state, one)).map(({ id }) => id));
  return { instances, ready };
};

/** It runs, nobody has asked for its end, and its checks pass. */
const serves = (
  state: MarathonState,
  { id, goal, appId, appVersion, condition, task, isReady }: Instance,
): boolean => {
  if (goal !== 'Running' || condition !== 'Running' || task?.isKillWanted) return false;
  const app = definitionOf(state, { appId, appVersion });
  if (app === undefined) return true;
  if (isPod(app)) {
    return app.containers.every(
      ({ name, healthCheck }) =>
        healthCheck === undefined ||
        task?.containers?.some((container) => container.name === name && container.health?.isHealthy),
    );
  }
  const results = state.health.get(id)?.results ?? [];
  const isHealthy = app.healthChecks.every((_, index) => results[index]?.alive === true);
  return isHealthy && (app.readinessChecks.length === 0 || isReady === true || !state.locks.has(appId));
};

export interface TurnMoment {
  readonly state: MarathonState;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly input: MarathonInput;
}

/** What one turn did to each app keeps within what the app's upgrade strategy allows (marathon.md 3.5). */
export const checkCapacity = (moment: TurnMoment): void => {
  const { state, before, after, input } = moment;
  // What a person asks to be ended is ended, whatever is left.
  if (input.type === 'kill-instances') return;
  const lost = new Map<string, number>();
  for (const id of before.ready) {
    const instance = before.instances.get(id);
    const isEnded = instance && isEndedOnPurpose(after.instances.get(id), instance, input);
    if (isEnded) lost.set(instance.appId, (lost.get(instance.appId) ?? 0) + 1);
  }
  for (const [appId, count] of lost) {
    const app = runSpecOf(state.root, appId);
    if (app === undefined || isNamed(state, appId)) continue;
    const left = [...after.ready].filter((id) => after.instances.get(id)?.appId === appId).length;
    const least = isRestarting(state, app) ? limitsOf(app).minimum : app.instances;
    insist(
      left >= least,
      () =>
        `${count} ready instances of ${appId} were ended, ${left} are left, and ${least} have to be\n` +
        changesOf(moment, app),
    );
  }
};

const isEndedOnPurpose = (now: Instance | undefined, was: Instance, input: MarathonInput): boolean => {
  const isNews =
    input.type === 'master-event' &&
    input.event.type === 'UPDATE' &&
    [was.task?.id, ...(was.task?.containers ?? []).map(({ taskId }) => taskId)].includes(
      input.event.update.status.task_id.value,
    );
  const isSick = input.type === 'probe-result' && input.purpose.instanceId === was.id;
  if (isNews || isSick) return false;
  return now === undefined || now.goal !== 'Running' || now.task?.isKillWanted === true;
};

/** Somebody said which ones are to go: that is their choice. */
const isNamed = ({ deployments, locks }: MarathonState, appId: string): boolean =>
  (deployments.get(locks.get(appId) ?? '')?.toKill[appId]?.length ?? 0) > 0;

const isRestarting = ({ deployments, locks, openActions }: MarathonState, { id }: RunSpec): boolean => {
  const deployment = deployments.get(locks.get(id) ?? '');
  if (deployment === undefined || !openActions.get(deployment.plan.id)?.has(id)) return false;
  const step = deployment.plan.steps[deployment.stepIndex];
  return step?.actions.some((one) => targetOf(one) === id && one.action.startsWith('Restart')) ?? false;
};

const limitsOf = (spec: RunSpec): { minimum: number; maximum: number } => {
  const { instances, upgradeStrategy } = spec;
  const minimum = Math.ceil(instances * upgradeStrategy.minimumHealthCapacity);
  const maximum = Math.floor(instances * (1 + upgradeStrategy.maximumOverCapacity));
  if (minimum !== maximum) return { minimum, maximum };
  return isBound(spec) ? { minimum: minimum - 1, maximum } : { minimum, maximum: maximum + 1 };
};

/** New instances come only as long as there is room for them. */
export const checkOverCapacity = ({ state, before, after }: TurnMoment): void => {
  const created = new Set(
    [...after.instances.values()].filter(({ id }) => !before.instances.has(id)).map(({ appId }) => appId),
  );
  for (const appId of created) {
    const app = runSpecOf(state.root, appId);
    if (app === undefined) throw new Error(`An instance of ${appId} was created, which is gone`);
    const all = [...after.instances.values()].filter((instance) => instance.appId === appId);
    const wanted = all.filter(
      ({ goal, condition }) => goal === 'Running' && condition !== 'UnreachableInactive',
    );
    if (!isRestarting(state, app)) {
      insist(
        wanted.length <= app.instances,
        () => `${appId} has ${wanted.length} of ${app.instances} instances`,
      );
      continue;
    }
    const ending = all.filter(({ goal, condition }) => goal !== 'Running' && isActive(condition));
    const { maximum } = limitsOf(app);
    insist(
      wanted.length + ending.length <= maximum,
      () => `${appId} has ${wanted.length} instances and ${ending.length} that end, with room for ${maximum}`,
    );
  }
};

/** The instances of an app before and after a turn, for those who look for the cause. */
const changesOf = ({ before, after, input }: TurnMoment, app: RunSpec): string => {
  const shown = ({ instances, ready }: Snapshot, id: string): string => {
    const instance = instances.get(id);
    if (instance === undefined) return 'nothing';
    const { goal, condition, appVersion, task } = instance;
    const marks = [ready.has(id) ? 'ready' : '', task?.isKillWanted ? 'doomed' : ''].filter(
      (mark) => mark !== '',
    );
    return [goal, condition, appVersion, ...marks].join(' ');
  };
  const ids = new Set([...before.instances.keys(), ...after.instances.keys()]);
  const lines = [...ids]
    .filter((id) => (after.instances.get(id) ?? before.instances.get(id))?.appId === app.id)
    .map((id) => `  ${id}: ${shown(before, id)} -> ${shown(after, id)}`);
  const { instances, upgradeStrategy, versionInfo } = app;
  return [`${input.type} ${JSON.stringify({ instances, upgradeStrategy, versionInfo })}`, ...lines].join(
    '\n',
  );
};
