import { definitionOf } from '../../../src/marathon/core/definition-of.ts';
import { type Instance, isActive, isUnreachable } from '../../../src/marathon/core/instance.ts';
import { isHeld } from '../../../src/marathon/core/rollout/rollout.ts';
import type { MarathonState } from '../../../src/marathon/core/state.ts';
import type { Constraint } from '../../../src/marathon/definitions/constraint.ts';
import type { RunSpec } from '../../../src/marathon/definitions/run-spec.ts';
import { runSpecOf } from '../../../src/marathon/groups/root-group.ts';
import type { TaskState, TaskStatus } from '../../../src/mesos/generated/mesos.ts';
import { isTerminal } from '../../../src/mesos/task-state.ts';
import type { TurnMoment } from './check-turn.ts';
import { insist } from './insist.ts';

/** The instances that a turn has found a place for. */
export const launchedIn = ({ before, after }: TurnMoment): Instance[] =>
  [...after.instances.values()].filter(
    ({ id, condition }) =>
      condition === 'Provisioned' && before.instances.get(id)?.condition !== 'Provisioned',
  );

/** Every launch has kept to the constraints of its app (marathon.md 3.10). */
export const checkConstraints = (moment: TurnMoment): void => {
  const { state } = moment;
  for (const instance of launchedIn(moment)) {
    const app = definitionOf(state, instance);
    if (app === undefined) throw new Error(`${instance.id} was launched, and its app is gone`);
    for (const constraint of app.constraints) {
      insist(
        holds(constraint, instance, app, state),
        () => `${instance.id} on ${instance.agent?.hostname} breaks ${constraint.join(' ')}`,
      );
    }
  }
};

const holds = (
  [field, operator, wanted = '']: Constraint,
  instance: Instance,
  app: RunSpec,
  state: MarathonState,
): boolean => {
  const value = fieldOf(instance, field);
  const values = placed(app, state).map((one) => fieldOf(one, field));
  const same = values.filter((other) => other === value).length;
  switch (operator) {
    case 'UNIQUE':
      return same === 1;
    case 'MAX_PER':
      return same <= Number(wanted);
    case 'CLUSTER':
      return wanted === '' ? same === values.length : value === wanted;
    case 'GROUP_BY':
      return same <= Math.ceil(plannedFor(app, state) / Math.max(1, Number(wanted)));
    case 'LIKE':
      return new RegExp(`^(?:${wanted})$`).test(value ?? '');
    case 'UNLIKE':
      return !new RegExp(`^(?:${wanted})$`).test(value ?? '');
    case 'IS':
      return value === wanted;
  }
};

/** Of the latest version of its configuration: an instance may be launched by an older one, which says another number. */
const plannedFor = (
  { id, instances, versionInfo }: RunSpec,
  { root, deployments, locks }: MarathonState,
): number => {
  const former = deployments.get(locks.get(id) ?? '')?.rollouts?.[id]?.former;
  const latest = [runSpecOf(root, id), former].find(
    (spec) => spec?.versionInfo.lastConfigChangeAt === versionInfo.lastConfigChangeAt,
  );
  return latest?.instances ?? instances;
};

/** Those that count: somewhere, reachable, and of the same configuration. */
const placed = (app: RunSpec, state: MarathonState): Instance[] =>
  state.instances
    .ofApp(app.id)
    .filter(
      (instance) =>
        isActive(instance.condition) &&
        !isUnreachable(instance.condition) &&
        configurationOf(state, instance) === app.versionInfo.lastConfigChangeAt,
    );

const configurationOf = (state: MarathonState, instance: Instance): string | undefined =>
  definitionOf(state, instance)?.versionInfo.lastConfigChangeAt;

const fieldOf = ({ agent }: Instance, field: string): string | undefined =>
  field === 'hostname' ? agent?.hostname : agent?.attributes.find(({ name }) => name === field)?.text?.value;

interface Failures {
  readonly configVersion: string;
  lastMs: number;
  lastLaunchMs: number;
}

/**
 * Looks at what the back-off of each app allows (marathon.md 3.11) from outside: after a failure nothing is launched for
 * at least the shortest delay, and while failures are remembered launches come one at a time, at least that far apart.
 */
export class BackOffWatch {
  /** By app and configuration: old ones, which a canary keeps up, fail for themselves. */
  readonly #failures = new Map<string, Failures>();

  /** A new life of Marathon remembers no failures. */
  forget(): void {
    this.#failures.clear();
  }

  check(moment: TurnMoment, nowMs: number): void {
    const { input, state } = moment;
    if (input.type === 'reset-delay') this.#forgetApp(input.appId);
    const launched = new Map<string, Instance[]>();
    for (const instance of launchedIn(moment)) {
      const key = keyOf(state, instance);
      launched.set(key, [...(launched.get(key) ?? []), instance]);
    }
    for (const [key, instances] of launched) {
      const [instance] = instances;
      const app = instance && definitionOf(state, instance);
      const failures = this.#failures.get(key);
      if (app && failures) checkDelay(app, { failures, count: instances.length, nowMs });
    }
    this.#note(moment, nowMs);
  }

  #forgetApp(appId: string): void {
    for (const key of this.#failures.keys()) if (key.startsWith(`${appId} `)) this.#failures.delete(key);
  }

  #note({ input, before, state }: TurnMoment, nowMs: number): void {
    if (input.type !== 'master-event' || input.event.type !== 'UPDATE') return;
    const { status } = input.event.update;
    const instance = [...before.instances.values()].find(({ task }) => isToldOf(task, status));
    const app = instance && definitionOf(state, instance);
    if (!app || !instance.task || instance.goal !== 'Running') return;
    const key = keyOf(state, instance);
    if (status.reason === 'REASON_AGENT_DRAINING') this.#failures.delete(key);
    const configVersion = app.versionInfo.lastConfigChangeAt;
    const present = runSpecOf(state.root, app.id)?.versionInfo.lastConfigChangeAt;
    const counts = configVersion === present || isHeld(state, app.id);
    if (!hasFailed(instance.task, status) || !counts) return;
    this.#failures.set(key, { configVersion, lastMs: nowMs, lastLaunchMs: Number.NEGATIVE_INFINITY });
  }
}

const keyOf = (state: MarathonState, instance: Instance): string =>
  `${instance.appId} ${configurationOf(state, instance)}`;

const isToldOf = (task: Instance['task'], { task_id }: TaskStatus): boolean =>
  task?.id === task_id.value || (task?.containers?.some(({ taskId }) => taskId === task_id.value) ?? false);

const FAILURES: readonly (TaskState | undefined)[] = ['TASK_FAILED', 'TASK_ERROR'];

/** With this status its task, or the last one of a pod, has ended in a way that makes the next launch wait. */
const hasFailed = ({ containers }: NonNullable<Instance['task']>, status: TaskStatus): boolean => {
  if (containers === undefined) return [...FAILURES, 'TASK_FINISHED'].includes(status.state);
  const states = containers.map(({ taskId, state }) =>
    taskId === status.task_id.value ? status.state : state,
  );
  const isOver = states.every((state) => state !== undefined && isTerminal(state));
  const isBad = states.some((state) => FAILURES.includes(state));
  return isOver && (isBad || states.every((state) => state === 'TASK_FINISHED'));
};

const checkDelay = (
  app: RunSpec,
  { failures, count, nowMs }: { failures: Failures; count: number; nowMs: number },
): void => {
  if (failures.configVersion !== app.versionInfo.lastConfigChangeAt) return;
  const shortestMs = Math.min(app.backoffSeconds, app.maxLaunchDelaySeconds) * 1000;
  const rememberedMs = shortestMs + app.maxLaunchDelaySeconds * 1000;
  if (shortestMs === 0 || nowMs > failures.lastMs + rememberedMs) return;
  const waited = nowMs - Math.max(failures.lastMs, failures.lastLaunchMs);
  insist(waited >= shortestMs, () => `${app.id} was launched ${waited} ms after its last launch or failure`);
  insist(count === 1, () => `${count} instances of ${app.id} were launched at once after a failure`);
  failures.lastLaunchMs = nowMs;
};
