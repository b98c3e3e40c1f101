import { delayLeftMs } from './back-off.ts';
import { frameworkInfo } from './framework-info.ts';
import { launchRoles } from './resident/launch-roles.ts';
import { rolesToRelease } from './resident/release.ts';
import { backOffKey, launchSpecs } from './rollout/rollout.ts';
import type { Turn } from './turn.ts';

/**
 * Keeps the master informed of which roles want offers (marathon.md 3.12): a role is wanted while an app of it has
 * instances to launch and is not being held back. Roles that are not wanted are suppressed; what becomes launchable is
 * worth a revive, which clears the filters that earlier refusals set.
 */
export const tellDemand = (turn: Turn): void => {
  const { state, nowMs } = turn;
  const { master } = state;
  if (!master.isConnected) return;
  const { wanted, nextLaunchMs } = wantedRoles(turn);
  if (nextLaunchMs < Number.POSITIVE_INFINITY) turn.setTimer('delay', nextLaunchMs - nowMs);
  if (master.suppressedRoles === undefined) for (const role of wanted) master.rolesToRevive.add(role);
  addRoles(turn, wanted);
  suppress(turn, wanted);
  revive(turn, wanted);
};

/** Apps whose back-off is over are as good as newly queued. */
export const delayIsOver = (turn: Turn): void => {
  for (const [appId] of turn.state.queue) {
    for (const app of launchSpecs(turn.state, appId)) {
      const backOff = turn.state.backOffs.get(backOffKey(app, turn.state));
      if (backOff === undefined || delayLeftMs(app, backOff, turn.nowMs) > 0) continue;
      for (const role of launchRoles(turn.state, app)) turn.state.master.rolesToRevive.add(role);
    }
  }
  turn.isDemandChanged = true;
};

/** All roles are told of again; a revive may have been lost. */
export const reviveAgain = (turn: Turn): void => {
  const { wanted } = wantedRoles(turn);
  if (wanted.size === 0) return;
  for (const role of wanted) turn.state.master.rolesToRevive.add(role);
  turn.state.master.isRevivedTwice = true;
  turn.isDemandChanged = true;
};

/** What the master knows is no longer certain: a call failed, or the line is new. */
export const forgetWhatMasterKnows = (turn: Turn): void => {
  const { master } = turn.state;
  master.suppressedRoles = undefined;
  master.subscribedRoles = master.initialRoles;
  turn.isDemandChanged = true;
};

const wantedRoles = (turn: Turn): { wanted: ReadonlySet<string>; nextLaunchMs: number } => {
  const { state, nowMs } = turn;
  const wanted = rolesToRelease(turn);
  let nextLaunchMs = Number.POSITIVE_INFINITY;
  for (const appId of state.queue.keys()) {
    for (const app of launchSpecs(state, appId)) {
      const leftMs = delayLeftMs(app, state.backOffs.get(backOffKey(app, state)), nowMs);
      if (leftMs === 0) for (const role of launchRoles(state, app)) wanted.add(role);
      else nextLaunchMs = Math.min(nextLaunchMs, nowMs + leftMs);
    }
  }
  return { wanted, nextLaunchMs };
};

const addRoles = (turn: Turn, wanted: ReadonlySet<string>): void => {
  const { master, frameworkId } = turn.state;
  const missing = [...wanted].filter((role) => !master.subscribedRoles.includes(role));
  if (missing.length === 0) return;
  const roles = [...master.subscribedRoles, ...missing].sort();
  const suppressed = roles.filter((role) => !wanted.has(role));
  turn.call({
    type: 'UPDATE_FRAMEWORK',
    update_framework: {
      framework_info: frameworkInfo(turn.settings, { frameworkId, roles }),
      suppressed_roles: suppressed,
    },
  });
  master.subscribedRoles = roles;
  master.suppressedRoles = new Set(suppressed);
};

const suppress = (turn: Turn, wanted: ReadonlySet<string>): void => {
  const { master } = turn.state;
  const known = master.suppressedRoles ?? new Set<string>();
  const roles = master.subscribedRoles.filter((role) => !wanted.has(role) && !known.has(role));
  if (roles.length > 0) turn.call({ type: 'SUPPRESS', suppress: { roles } });
  for (const role of roles) master.rolesToRevive.delete(role);
  master.suppressedRoles = new Set([...known, ...roles]);
};

const revive = (turn: Turn, wanted: ReadonlySet<string>): void => {
  const { state, settings, nowMs } = turn;
  const { master } = state;
  const suppressed = new Set(master.suppressedRoles);
  const roles = [...wanted].filter((role) => suppressed.has(role) || master.rolesToRevive.has(role));
  if (roles.length === 0) return;
  const nextMs = master.lastReviveMs + settings.minReviveIntervalMs;
  if (nowMs < nextMs) {
    turn.setTimer('revive', nextMs - nowMs);
    return;
  }
  turn.call({ type: 'REVIVE', revive: { roles } });
  for (const role of roles) suppressed.delete(role);
  master.suppressedRoles = suppressed;
  master.rolesToRevive.clear();
  master.lastReviveMs = nowMs;
  if (!master.isRevivedTwice) turn.setTimer('revive-again', settings.reviveRepeatMs);
  master.isRevivedTwice = false;
};
