import type { Random } from '../../runtime/random.ts';
import type { Core, TurnOutcome } from '../../store/turn-runner.ts';
import { launchedTaskIds } from '../line-input.ts';
import type { SchedulerCall } from '../scheduler-connection.ts';
import { advance, idToProbe, wantedTasks } from './advance.ts';
import type { ServiceCoreEffect, ServiceInput, ServiceTimer } from './effect.ts';
import type { Rejections } from './match-offers.ts';
import { portKey } from './names.ts';
import { handleOffers } from './offers.ts';
import { type PlanView, viewPlan } from './plan.ts';
import { askAgain, askFor, continueReconciling, reconcileAll } from './reconcile.ts';
import type { ServiceSpec } from './spec.ts';
import { type InstanceRecord, isLive, isPlaceKnown, type ServiceState } from './state.ts';
import { type Target, Turn, targetsOf } from './turn.ts';
import { forgetPlace, handleUpdate, kill } from './updates.ts';

const CALL_AGAIN_MS = 1_000;

export interface ServiceCoreOptions {
  readonly spec: ServiceSpec;
  readonly state: ServiceState;
  readonly random: Random;
}

/**
 * The logic of a service scheduler: deploys what the description says in the order of its plan, keeps it running in its
 * places, and starts it again there. It is told what happens and answers with what to do; it has no clock, no disk and no
 * connection (README.md).
 */
export class ServiceCore implements Core<ServiceInput, ServiceCoreEffect> {
  readonly spec: ServiceSpec;
  readonly state: ServiceState;
  readonly targets: ReadonlyMap<string, Target>;
  readonly #random: Random;
  #rejections: Rejections = new Map();

  constructor({ spec, state, random }: ServiceCoreOptions) {
    this.spec = spec;
    this.state = state;
    this.targets = targetsOf(spec);
    this.#random = random;
  }

  handle(input: ServiceInput, nowMs: number): TurnOutcome<ServiceCoreEffect> {
    const turn = this.#turn(nowMs);
    this.#take(turn, input);
    advance(turn);
    return { changes: turn.changes, effects: turn.effects };
  }

  /** Where the deployment is at. */
  plan(nowMs: number): PlanView {
    return viewPlan(this.#turn(nowMs));
  }

  /** Why the last offers were of no use to tasks that want one, by task name. */
  get rejections(): ReadonlyMap<string, string> {
    return this.#rejections;
  }

  /** What references mean by now, outside of any task. */
  get peers(): ReadonlyMap<string, string> {
    return this.#turn(0).peers;
  }

  #turn(nowMs: number): Turn {
    return new Turn(
      { spec: this.spec, targets: this.targets, state: this.state, random: this.#random },
      nowMs,
    );
  }

  #take(turn: Turn, input: ServiceInput): void {
    switch (input.type) {
      case 'subscribed':
        subscribe(turn, input.frameworkId);
        break;
      case 'disconnected':
        turn.state.isConnected = false;
        break;
      case 'offers':
        this.#rejections = handleOffers(turn, input.offers, wantedTasks(turn).wanted);
        break;
      case 'update':
        handleUpdate(turn, input.status);
        break;
      case 'call-failed':
        noticeFailure(turn, input.call);
        break;
      case 'probed':
        noticeProbe(turn, input);
        break;
      case 'timer':
        onTimer(turn, input.timer);
        break;
      case 'discovered':
        takeOver(turn, input.instances);
        break;
      case 'restart':
        killAll(turn, input.instance);
        break;
      case 'replace':
        replace(turn, input.instance);
        break;
    }
  }
}

/** Places that a former life has left in the cluster; what is remembered is better. */
const takeOver = (turn: Turn, instances: ReadonlyMap<string, InstanceRecord>): void => {
  for (const [name, record] of instances) {
    const known = turn.state.instances.get(name);
    const isBetter = !known || (!isPlaceKnown(known) && known.agentId === record.agentId);
    if (isBetter && turn.tasksOf(name).length > 0) turn.setInstance(name, record);
  }
};

const subscribe = (turn: Turn, frameworkId: string): void => {
  turn.setFrameworkId(frameworkId);
  turn.state.isConnected = true;
  turn.state.interest = 'unknown';
  turn.state.missingSince.clear();
  reconcileAll(turn);
  if ([...turn.state.instances.values()].some((record) => !isPlaceKnown(record))) {
    turn.effects.push({ type: 'discover' });
  }
};

const onTimer = (turn: Turn, timer: ServiceTimer): void => {
  const name = timer.slice(timer.indexOf(' ') + 1);
  if (timer === 'reconcile') {
    if (turn.state.unreconciled.size === 0) askAgain(turn);
    else continueReconciling(turn);
  } else if (timer === 'interest') {
    if (turn.state.interest === 'refused') turn.state.interest = 'unknown';
  } else if (timer.startsWith('kill ')) kill(turn, name);
  else if (timer.startsWith('probe ')) probe(turn, name);
  // After a retry the end of the turn finds what is due.
};

const probe = (turn: Turn, name: string): void => {
  const target = turn.targets.get(name);
  const taskId = idToProbe(turn.state, name);
  const readiness = target?.task.readiness;
  if (!target || taskId === undefined || !readiness || readiness.type === 'command') return;
  const record = turn.state.instances.get(target.instance);
  const port = record?.ports[portKey(target.task.name, readiness.port)];
  if (!record || port === undefined) {
    turn.setTimer(`probe ${name}`, readiness.intervalMs);
    return;
  }
  const { timeoutMs } = readiness;
  const http = readiness.type === 'http' ? { path: readiness.path, body: readiness.body } : undefined;
  turn.effects.push({ type: 'probe', task: name, taskId, host: record.hostname, port, http, timeoutMs });
};

const noticeProbe = (
  turn: Turn,
  { task: name, taskId, isPassed }: Extract<ServiceInput, { type: 'probed' }>,
): void => {
  const readiness = turn.targets.get(name)?.task.readiness;
  const record = turn.state.tasks.get(name);
  if (!readiness || !record || idToProbe(turn.state, name) !== taskId) return;
  if (isPassed) turn.setTask(name, { ...record, isReady: true, wasDeployed: true });
  else turn.setTimer(`probe ${name}`, readiness.intervalMs);
};

/** A launch that may not have arrived is asked for; asking for offers is done again; all else is repeated by its timer. */
const noticeFailure = (turn: Turn, call: SchedulerCall): void => {
  if (call.type === 'ACCEPT') {
    askFor(turn, launchedTaskIds(call.accept.operations));
  } else if (call.type === 'REVIVE' || call.type === 'SUPPRESS') {
    // Not at once: a line that is being closed refuses every call at once, too.
    turn.state.interest = 'refused';
    if (turn.state.isConnected) turn.setTimer('interest', CALL_AGAIN_MS);
  }
};

const killAll = (turn: Turn, instance: string): void => {
  for (const { name } of turn.tasksOf(instance)) {
    if (isLive(turn.state.tasks.get(name))) kill(turn, name);
  }
};

const replace = (turn: Turn, instance: string): void => {
  const record = turn.state.instances.get(instance);
  if (record) {
    const agents = new Set([...(turn.state.abandoned.get(instance) ?? []), record.agentId]);
    turn.setAbandoned(instance, [...agents]);
    forgetPlace(turn, instance);
  }
  killAll(turn, instance);
};
