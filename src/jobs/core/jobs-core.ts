import type { Random } from '../../runtime/random.ts';
import { launchedTaskIds } from '../../sdk/line-input.ts';
import type { SchedulerCall } from '../../sdk/scheduler-connection.ts';
import type { Core, TurnOutcome } from '../../store/turn-runner.ts';
import type { JobChange, JobsEffect, JobsInput, JobsTimer } from './effect.ts';
import { applyChange } from './job-changes.ts';
import { handleOffers, returnLater, returnOffers } from './offers.ts';
import { askFor, continueReconciling, reconcileAll } from './reconcile.ts';
import { liveTask, withTask } from './run-tasks.ts';
import { awaitSchedules, runSchedules } from './schedules.ts';
import type { JobsState } from './state.ts';
import { killTask } from './stop-run.ts';
import { Turn } from './turn.ts';
import { endTask, handleUpdate } from './updates.ts';
import { giveUp, settle } from './waiting.ts';

/**
 * The logic of the job service: begins runs when they are asked for or due, has them launched, and keeps account of how they
 * end. It is told what happens and answers with what to do; it has no clock, no disk and no connection (README.md).
 */
export class JobsCore implements Core<JobsInput, JobsEffect> {
  readonly state: JobsState;
  readonly #random: Random;

  constructor(state: JobsState, random: Random) {
    this.state = state;
    this.#random = random;
  }

  handle(input: JobsInput, nowMs: number): TurnOutcome<JobsEffect> {
    const turn = new Turn(this.state, this.#random, nowMs);
    take(turn, input);
    giveUp(turn);
    settle(turn);
    awaitSchedules(turn);
    return { changes: turn.changes, effects: turn.effects };
  }
}

const take = (turn: Turn, input: JobsInput): void => {
  switch (input.type) {
    case 'request':
      answer(turn, input.requestId, input.change);
      break;
    case 'subscribed':
      turn.setFrameworkId(input.frameworkId);
      turn.state.isConnected = true;
      turn.state.interest = 'unknown';
      // What a former subscription was offered is no longer on offer.
      turn.state.offersToReturn.clear();
      reconcileAll(turn);
      break;
    case 'disconnected':
      turn.state.isConnected = false;
      break;
    case 'removed':
      beginAnew(turn);
      break;
    case 'offers':
      handleOffers(turn, input.offers);
      break;
    case 'update':
      handleUpdate(turn, input.status);
      break;
    case 'call-failed':
      noticeFailure(turn, input.call);
      break;
    case 'timer':
      onTimer(turn, input.timer);
      break;
  }
};

const answer = (turn: Turn, requestId: number, change: JobChange): void => {
  try {
    const runId = applyChange(turn, change);
    turn.effects.push({ type: 'answer', requestId, answer: { type: 'done', ...(runId ? { runId } : {}) } });
  } catch (error) {
    turn.effects.push({ type: 'answer', requestId, answer: { type: 'refused', error } });
  }
};

/** The tasks of a framework that was torn down have ended with it. */
const beginAnew = (turn: Turn): void => {
  turn.setFrameworkId(undefined);
  turn.state.isConnected = false;
  for (const run of [...turn.state.runs.values()]) {
    const task = liveTask(run);
    if (task === undefined) continue;
    const killed = { ...task, state: 'TASK_KILLED' as const, completedAtMs: turn.nowMs };
    turn.setRun(withTask(run, killed));
    endTask(turn, withTask(run, killed), killed);
  }
};

/** What was meant to be said is said again: launches are asked about, the wish for offers is repeated by the next turn. */
const noticeFailure = (turn: Turn, call: SchedulerCall): void => {
  if (call.type === 'REVIVE' || call.type === 'SUPPRESS') turn.state.interest = 'unknown';
  if (call.type === 'DECLINE') returnLater(turn, call.decline.offer_ids);
  if (call.type !== 'ACCEPT') return;
  returnLater(turn, call.accept.offer_ids);
  askFor(turn, launchedTaskIds(call.accept.operations));
};

const onTimer = (turn: Turn, timer: JobsTimer): void => {
  if (timer === 'schedules') runSchedules(turn);
  else if (timer === 'reconcile') continueReconciling(turn);
  else if (timer === 'return-offers') returnOffers(turn);
  else if (timer !== 'runs') killAgain(turn, timer.replace('kill ', ''));
};

const killAgain = (turn: Turn, taskId: string): void => {
  const task = [...turn.state.runs.values()].map(liveTask).find((one) => one?.id === taskId);
  if (task !== undefined) killTask(turn, taskId, task.agentId);
};
