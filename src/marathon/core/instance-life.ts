import type { RunSpec } from '../definitions/run-spec.ts';
import { advanced, lengthened } from './back-off.ts';
import { newInstanceId } from './ids.ts';
import { type Condition, type Goal, type Instance, isActive, isUnreachable } from './instance.ts';
import { forgetKill, wantKill } from './kills.ts';
import { liveTaskIds } from './pods/container-tasks.ts';
import { noteEndingOfPod } from './pods/pod-ending.ts';
import { backOffKey, launchedAs } from './rollout/rollout.ts';
import type { Turn } from './turn.ts';

/** A new instance, waiting for an offer. */
export const createInstance = (turn: Turn, app: RunSpec): void => {
  turn.putInstance({
    id: newInstanceId(app.id, turn.random.uuid()),
    appId: app.id,
    role: app.role,
    goal: 'Running',
    condition: 'Scheduled',
    sinceMs: turn.nowMs,
    appVersion: app.version,
    incarnation: 0,
  });
  turn.isDemandChanged = true;
  turn.state.master.rolesToRevive.add(app.role);
};

/** Changes what an instance is meant to be, and ends its task if it has one. */
export const endInstance = (turn: Turn, instance: Instance, goal: Exclude<Goal, 'Running'>): void => {
  // A task that cannot be reached cannot be ended either: it is forgotten, and ended should it ever come back.
  const isGone = !isActive(instance.condition) || isUnreachable(instance.condition);
  if (goal === 'Decommissioned' && isGone) {
    forgetKills(turn, instance);
    turn.removeInstance(instance);
    return;
  }
  const ended: Instance = { ...instance, goal };
  turn.putInstance(ended);
  if (isActive(ended.condition)) killTask(turn, ended);
};

/** Ends the task of an instance, or all of a pod's; what becomes of the instance then depends on its goal. */
export const killTask = (turn: Turn, instance: Instance): void => {
  const { task, agent } = instance;
  if (task === undefined || !isActive(instance.condition)) return;
  if (!task.isKillWanted) turn.putInstance({ ...instance, task: { ...task, isKillWanted: true } });
  for (const taskId of liveTaskIds(task)) wantKill(turn, { taskId, agentId: agent?.id });
};

const forgetKills = (turn: Turn, { task }: Instance): void => {
  if (task === undefined) return;
  for (const taskId of liveTaskIds(task)) forgetKill(turn, taskId);
};

/** The condition changes while the task goes on. */
export const changeCondition = (turn: Turn, instance: Instance, condition: Condition): void => {
  const isNew = instance.condition !== condition;
  const isUp = condition === 'Starting' || condition === 'Running';
  const known = isUp ? onUsedReservation(instance) : instance;
  turn.putInstance({ ...known, condition, ...(isNew ? { sinceMs: turn.nowMs } : {}) });
  if (isNew && MAKES_PROGRESS.has(condition)) {
    const { backOffs } = turn.state;
    const app = launchedAs(turn.state, instance);
    const key = app && backOffKey(app, turn.state);
    const backOff = app && advanced(app, backOffs.get(key ?? ''), turn.nowMs);
    if (key !== undefined && backOff) {
      backOffs.set(key, backOff);
      turn.isDemandChanged = true;
    }
  }
};

/** The task has ended, or the last one of a pod. An instance that is still wanted waits for its next launch, under the same id. */
export const terminateTask = (
  turn: Turn,
  instance: Instance,
  ending: { condition: Condition; isDraining: boolean; isAgentGone?: boolean },
): void => {
  const { state, nowMs } = turn;
  forgetKills(turn, instance);
  noteEndingOfPod(turn, instance);
  noteEnding(turn, instance, ending);
  state.health.delete(instance.id);
  state.readiness.delete(instance.id);
  if (instance.goal === 'Decommissioned') {
    turn.publishCondition({ ...instance, condition: ending.condition });
    turn.removeInstance(ending.isAgentGone ? withoutReservation(instance) : instance);
    return;
  }
  const {
    task: _task,
    agent: _agent,
    isReady: _isReady,
    ...rest
  } = ending.isAgentGone ? withoutReservation(instance) : onDoubtfulReservation(instance, nowMs);
  if (instance.goal === 'Stopped' && !rest.reservation?.isConfirmed) {
    turn.publishCondition({ ...instance, condition: ending.condition });
    turn.removeInstance(rest);
    return;
  }
  if (instance.goal === 'Stopped') {
    turn.putInstance({ ...rest, condition: ending.condition, sinceMs: nowMs });
    return;
  }
  const app = launchedAs(state, instance);
  const role = rest.reservation ? instance.role : (app?.role ?? instance.role);
  turn.putInstance({
    ...rest,
    condition: 'Scheduled',
    sinceMs: nowMs,
    appVersion: app?.version ?? instance.appVersion,
    role,
  });
  if (rest.reservation?.isConfirmed === false) {
    turn.setTimer('reservations', turn.settings.taskReservationTimeoutMs);
  }
  turn.isDemandChanged = true;
  state.master.rolesToRevive.add(role);
};

const onUsedReservation = (instance: Instance): Instance =>
  instance.reservation === undefined || instance.reservation.isUsed === true
    ? instance
    : { ...instance, reservation: { ...instance.reservation, isUsed: true } };

/**
 * Masters offer what is reserved before its agent has heard of it. Where no task has ever come up, it may never have: then an
 * offer has to show it anew, and there is no data to lose.
 */
const onDoubtfulReservation = (instance: Instance, sinceMs: number): Instance =>
  instance.reservation?.isUsed === false
    ? { ...instance, reservation: { ...instance.reservation, isConfirmed: false, sinceMs } }
    : instance;

/** What was reserved on an agent that is gone for good is gone with it. */
const withoutReservation = ({ reservation: _gone, ...instance }: Instance): Instance => instance;

const MAKES_PROGRESS: ReadonlySet<Condition> = new Set(['Provisioned', 'Staging', 'Starting', 'Running']);

/**
 * Dropped and Gone are missing on purpose, though Marathon counts them: the cluster lost the task, or never started it,
 * which says nothing about the app; and after the death of one agent an app of many instances would wait for minutes.
 */
const CAUSES_DELAY: ReadonlySet<Condition> = new Set(['Error', 'Failed', 'Finished']);

/** Only what the present configuration does counts: an old one that keeps failing must not hold up its replacement. */
const noteEnding = (
  turn: Turn,
  instance: Instance,
  { condition, isDraining }: { condition: Condition; isDraining: boolean },
): void => {
  const { backOffs } = turn.state;
  const app = launchedAs(turn.state, instance);
  if (app === undefined || instance.goal !== 'Running') return;
  const key = backOffKey(app, turn.state);
  if (isDraining) backOffs.delete(key);
  else if (CAUSES_DELAY.has(condition) && instance.appVersion >= app.versionInfo.lastConfigChangeAt) {
    const backOff = lengthened(app, backOffs.get(key), turn.nowMs);
    if (backOff) backOffs.set(key, backOff);
  }
};
