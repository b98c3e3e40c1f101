import type { Random } from '../../runtime/random.ts';
import type { Core, TurnOutcome } from '../../store/turn-runner.ts';
import { runSpecsOf } from '../groups/root-group.ts';
import { beginAnew } from './begin-anew.ts';
import { judgeDeadlines, restartDeadlines } from './deadlines.ts';
import { delayIsOver, reviveAgain, tellDemand } from './demand.ts';
import { lookAtTouchedApps, resumeDeployment } from './deployments.ts';
import type { MarathonEffect, TimerName } from './effect.ts';
import { rolesInUse } from './framework-info.ts';
import type { MarathonInput } from './input.ts';
import { killTask } from './instance-life.ts';
import { sendKills } from './kills.ts';
import { receiveEvent } from './master-events.ts';
import { pollReadiness, receiveReadinessProbe } from './readiness.ts';
import {
  askForUnanswered,
  keepWatchingLaunches,
  lineIsGone,
  reconcile,
  recover,
  recoverCall,
  watchLaunches,
} from './reconcile.ts';
import { handleRequest } from './requests.ts';
import { expireReservations } from './resident/expire-reservations.ts';
import { watchPauses } from './rollout/pauses.ts';
import { receiveHealthProbe, runCheck } from './scheduler-checks.ts';
import type { MarathonSettings } from './settings.ts';
import type { MarathonState } from './state.ts';
import { Turn } from './turn.ts';
import { judgeUnreachable } from './unreachable.ts';
import { watchRunning } from './watch-running.ts';

/**
 * Marathon's logic: what happens and when goes in, changes of the store and things to do come out. Each turn ends with a
 * look at the apps that it touched, so that whatever happened, what is wanted and what is there meet again.
 */
export class MarathonCore implements Core<MarathonInput, MarathonEffect> {
  readonly state: MarathonState;
  readonly #settings: MarathonSettings;
  readonly #random: Random;

  constructor(options: { state: MarathonState; settings: MarathonSettings; random: Random }) {
    this.state = options.state;
    this.#settings = options.settings;
    this.#random = options.random;
    this.state.master.initialRoles = rolesInUse(options.settings, options.state);
    this.state.master.subscribedRoles = this.state.master.initialRoles;
  }

  handle(input: MarathonInput, nowMs: number): TurnOutcome<MarathonEffect> {
    const turn = new Turn({ state: this.state, settings: this.#settings, nowMs, random: this.#random });
    apply(turn, input);
    lookAtTouchedApps(turn);
    if (turn.areKillsChanged) sendKills(turn);
    if (turn.isDemandChanged) tellDemand(turn);
    keepWatchingLaunches(turn);
    return { changes: turn.changes, effects: turn.effects };
  }
}

const apply = (turn: Turn, input: MarathonInput): void => {
  switch (input.type) {
    case 'started':
      start(turn);
      break;
    case 'master-event':
      receiveEvent(turn, input.event);
      break;
    case 'disconnected':
      lineIsGone(turn);
      turn.publish({ eventType: 'scheduler_disconnected_event' });
      break;
    case 'framework-removed':
      beginAnew(turn);
      break;
    case 'call-failed':
      recoverCall(turn, input.call);
      break;
    case 'probe-result':
      if (input.purpose.type === 'health') receiveHealthProbe(turn, input.purpose, input.result);
      else receiveReadinessProbe(turn, input.purpose, input.result);
      break;
    case 'timer':
      applyTimer(turn, input.timer);
      break;
    default:
      handleRequest(turn, input);
  }
};

/** Goes on where the earlier life ended: deployments, checks, kills; and every app is looked at once. */
const start = (turn: Turn): void => {
  const { state } = turn;
  for (const deployment of state.deployments.values()) resumeDeployment(turn, deployment);
  for (const instance of [...state.instances.all()]) {
    if (instance.condition === 'Running') watchRunning(turn, instance.id);
    if (instance.goal !== 'Running' || instance.task?.isKillWanted) killTask(turn, instance);
    turn.touched.add(instance.appId);
  }
  for (const { id } of runSpecsOf(state.root)) turn.touched.add(id);
  judgeUnreachable(turn);
  expireReservations(turn);
  watchPauses(turn);
  restartDeadlines(turn);
  turn.isDemandChanged = true;
};

const applyTimer = (turn: Turn, timer: TimerName): void => {
  switch (timer) {
    case 'deadlines':
      judgeDeadlines(turn);
      return;
    case 'delay':
      delayIsOver(turn);
      return;
    case 'kills':
      turn.areKillsChanged = true;
      return;
    case 'launches':
      watchLaunches(turn);
      return;
    case 'pauses':
      watchPauses(turn);
      return;
    case 'reconcile':
      if (turn.state.master.isConnected) reconcile(turn, { isNewLine: false });
      return;
    case 'reconcile-again':
      askForUnanswered(turn);
      return;
    case 'recover':
      recover(turn);
      return;
    case 'reservations':
      expireReservations(turn);
      return;
    case 'revive':
      turn.isDemandChanged = true;
      return;
    case 'revive-again':
      reviveAgain(turn);
      return;
    case 'unreachable':
      judgeUnreachable(turn);
      return;
  }
  const [kind, ...rest] = timer.split(':');
  if (kind === 'readiness') pollReadiness(turn, rest.join(':'));
  else runCheck(turn, Number(rest[0]), rest.slice(1).join(':'));
};
