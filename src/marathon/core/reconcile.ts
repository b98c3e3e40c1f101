import type { OfferOperation, TaskInfo } from '../../mesos/generated/mesos.ts';
import type { CallReconcileTask } from '../../mesos/generated/scheduler.ts';
import type { SchedulerCall } from '../../sdk/scheduler-connection.ts';
import { forgetWhatMasterKnows } from './demand.ts';
import { instanceIdOf } from './ids.ts';
import { type Instance, isActive } from './instance.ts';
import { killTask } from './instance-life.ts';
import { restartKills } from './kills.ts';
import { hasTask, liveTaskIds } from './pods/container-tasks.ts';
import { oweReleasesAgain } from './resident/release-held.ts';
import type { Turn } from './turn.ts';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 15_000;
const LAUNCH_LOOK_MS = 5000;

/**
 * Has the master say how all tasks are (marathon.md 3.16): those that are known one by one, until each has been answered
 * for (mesos.md 1.13: a master that has just started may not know yet), and then all it knows, so that tasks which
 * should not be are found, too. A launch that was never sent is found by it: its task is unknown, and it is tried again.
 */
export const reconcile = (turn: Turn, { isNewLine }: { isNewLine: boolean }): void => {
  const { state, settings, nowMs } = turn;
  state.master.unanswered.clear();
  for (const instance of state.instances.all()) {
    // On the same line a launch may be on its way; on a new one the master has either heard of it or never will.
    const mayBeUnderWay =
      !isNewLine && instance.condition === 'Provisioned' && nowMs - instance.sinceMs < settings.launchDoubtMs;
    if (!mayBeUnderWay) askAbout(turn, instance);
  }
  state.master.reconcileAttempts = 0;
  if (state.master.unanswered.size > 0) askForUnanswered(turn);
  turn.call({ type: 'RECONCILE', reconcile: {} });
  turn.setTimer('reconcile', settings.reconciliationIntervalMs);
};

/** Asks again about the tasks that nothing was heard of; waits longer each time. */
export const askForUnanswered = (turn: Turn): void => {
  const { instances, master } = turn.state;
  for (const taskId of master.unanswered.keys()) {
    if (!hasTask(instances.get(instanceIdOf(taskId) ?? ''), taskId)) master.unanswered.delete(taskId);
  }
  if (!master.isConnected || master.unanswered.size === 0) return;
  turn.call({ type: 'RECONCILE', reconcile: { tasks: [...master.unanswered.values()] } });
  const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** master.reconcileAttempts);
  master.reconcileAttempts = Math.min(master.reconcileAttempts + 1, 10);
  turn.setTimer('reconcile-again', delayMs);
};

/** Watches the launches that are under way: asks about silent ones, ends those that take too long. */
export const watchLaunches = (turn: Turn): void => {
  const { state, settings, nowMs } = turn;
  let isInDoubt = false;
  for (const id of state.instances.launching) {
    const instance = state.instances.get(id);
    if (!instance?.task) continue;
    if (nowMs - instance.task.stagedAtMs >= settings.taskLaunchTimeoutMs) killTask(turn, instance);
    if (instance.condition !== 'Provisioned' || nowMs - instance.sinceMs < settings.launchDoubtMs) continue;
    askAbout(turn, instance);
    isInDoubt = true;
  }
  if (isInDoubt) turn.setTimer('reconcile-again', 0);
  state.isWatchingLaunches = false;
};

/** Keeps the watch going while there is something to watch. */
export const keepWatchingLaunches = (turn: Turn): void => {
  const { state } = turn;
  if (state.isWatchingLaunches || state.instances.launching.size === 0) return;
  state.isWatchingLaunches = true;
  turn.setTimer('launches', LAUNCH_LOOK_MS);
};

/**
 * A call failed, and the master may have got it or not. Offers are given back (those that it does not know any more are
 * passed over), launches are asked about, kills and the demand for offers are told again. A status that could not be
 * acknowledged comes again by itself.
 */
export const recoverCall = (turn: Turn, call: SchedulerCall): void => {
  const { master, instances, kills } = turn.state;
  if (call.type === 'ACCEPT') oweReleasesAgain(turn, call.accept.operations ?? []);
  // With the next line everything is asked and told anew.
  if (!master.isConnected) return;
  switch (call.type) {
    case 'ACCEPT': {
      for (const { value } of call.accept.offer_ids ?? []) master.offersToReturn.add(value);
      for (const operation of call.accept.operations ?? []) {
        for (const { task_id } of launchedBy(operation)) {
          const instance = instances.get(instanceIdOf(task_id.value) ?? '');
          if (instance && hasTask(instance, task_id.value)) askAbout(turn, instance);
        }
      }
      turn.setTimer('recover', FIRST_RETRY_MS);
      break;
    }
    case 'DECLINE':
      for (const { value } of call.decline.offer_ids ?? []) master.offersToReturn.add(value);
      turn.setTimer('recover', FIRST_RETRY_MS);
      break;
    case 'KILL': {
      const kill = kills.get(call.kill.task_id.value);
      if (kill) kill.retryAtMs = turn.nowMs + FIRST_RETRY_MS;
      turn.areKillsChanged = true;
      break;
    }
    case 'REVIVE':
      for (const role of call.revive?.roles ?? []) master.rolesToRevive.add(role);
      turn.setTimer('recover', FIRST_RETRY_MS);
      break;
    case 'SUPPRESS':
    case 'UPDATE_FRAMEWORK':
      turn.setTimer('recover', FIRST_RETRY_MS);
      break;
    default:
      break;
  }
};

const launchedBy = (operation: OfferOperation): readonly TaskInfo[] => {
  if (operation.type === 'LAUNCH') return operation.launch.task_infos ?? [];
  return operation.type === 'LAUNCH_GROUP' ? (operation.launch_group.task_group.tasks ?? []) : [];
};

/** Does again what failed a moment ago. Offers go back before their launches are asked about. */
export const recover = (turn: Turn): void => {
  const { master } = turn.state;
  if (!master.isConnected) return;
  if (master.offersToReturn.size > 0) {
    const offerIds = [...master.offersToReturn].map((value) => ({ value }));
    turn.call({ type: 'DECLINE', decline: { offer_ids: offerIds, filters: { refuse_seconds: 0 } } });
    master.offersToReturn.clear();
  }
  forgetWhatMasterKnows(turn);
  askForUnanswered(turn);
};

/** The line to the master is gone: everything that depends on it starts anew with the next one. */
export const lineIsGone = (turn: Turn): void => {
  const { master } = turn.state;
  master.isConnected = false;
  master.offersToReturn.clear();
  forgetWhatMasterKnows(turn);
  restartKills(turn);
};

const askAbout = (turn: Turn, { task, agent, condition }: Instance): void => {
  if (task === undefined || !(isActive(condition) || condition === 'UnreachableInactive')) return;
  for (const value of liveTaskIds(task)) {
    const question: CallReconcileTask = {
      task_id: { value },
      ...(agent ? { agent_id: { value: agent.id } } : {}),
    };
    turn.state.master.unanswered.set(value, question);
  }
};
