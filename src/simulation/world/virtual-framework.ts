import { Placement, satisfies } from '../../marathon/core/matcher/constraints.ts';
import { OfferRemainder } from '../../marathon/core/matcher/offer-remainder.ts';
import { agentOf, type OfferedAgent } from '../../mesos/agent-fields.ts';
import type { FrameworkInfo, Offer, TaskInfo, TaskStatus } from '../../mesos/generated/mesos.ts';
import type { Event } from '../../mesos/generated/scheduler.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import type { Random } from '../../runtime/random.ts';
import type { Tally } from '../report/ledger.ts';
import type { FrameworkPlan, TaskKind } from '../scenario/scenario.ts';
import { drawLength, MOST_WAITING, startDemand } from './demand.ts';
import { OfferInterest } from './offer-interest.ts';
import { SchedulerLine } from './scheduler-line.ts';
import { type WaitingTask, WaitingTasks } from './waiting-tasks.ts';
import type { World } from './world.ts';

const STARTUP_MS = 100;
const ACCESS = { unreserved: true, reserved: true };

/** Tasks of one kind: what is wanted, and what there is. */
export interface KindState {
  readonly kind: TaskKind;
  readonly waiting: WaitingTasks;
  readonly tasks: Map<string, PlacedTask>;
  readonly tally: Tally;
  /** How many were ever wanted. */
  asked: number;
}

interface PlacedTask {
  readonly state: KindState;
  readonly agent: OfferedAgent;
  readonly origin: WaitingTask;
  isRunning: boolean;
}

/** A framework with a given demand: takes of every offer what it needs, refuses the rest, and replaces what it loses. */
export class VirtualFramework {
  readonly plan: FrameworkPlan;
  readonly kinds: readonly KindState[];
  readonly #world: World;
  readonly #random: Random;
  readonly #line: SchedulerLine;
  readonly #interest: OfferInterest;
  readonly #placed = new Map<string, PlacedTask>();
  #nextTask = 1;

  constructor(world: World, plan: FrameworkPlan, hostOf: (agentId: string) => OfferedAgent | undefined) {
    this.#world = world;
    this.plan = plan;
    this.#random = world.random(`framework ${plan.name}`);
    this.kinds = plan.kinds.map((kind) => ({
      kind,
      waiting: new WaitingTasks(),
      tasks: new Map(),
      tally: world.ledger.tally(plan.name, kind.name, kind.role),
      asked: 0,
    }));
    for (const { taskId, agentId, kind } of plan.running) {
      const state = this.kinds.find((one) => one.kind === kind);
      const agent = hostOf(agentId);
      if (state && agent) this.#place(taskId, { state, agent, origin: { sinceMs: 0 }, isRunning: true });
    }
    this.#line = new SchedulerLine({
      world,
      name: plan.name,
      frameworkInfo: () => this.info(),
      suppressedRoles: () => this.#interest.suppressed(),
      ...(plan.id === undefined ? {} : { frameworkId: plan.id }),
      onEvent: (event) => this.#hear(event),
    });
    this.#interest = new OfferInterest({
      clock: world.clock,
      roles: this.#roles(),
      isWanted: (role) => this.kinds.some(({ kind, waiting }) => kind.role === role && waiting.size > 0),
      send: (call) => this.#line.send(call),
    });
  }

  get frameworkId(): string | undefined {
    return this.#line.frameworkId;
  }

  start(): void {
    this.#world.clock.setTimer(this.plan.startsMs, () => {
      for (const state of this.kinds) {
        const random = this.#world.random(`demand ${this.plan.name} ${state.kind.name}`);
        startDemand(state.kind, {
          clock: this.#world.clock,
          random,
          want: (count) => this.#want(state, count),
        });
      }
      this.#line.open();
    });
  }

  /** As many more of a kind are wanted. */
  burst(kindName: string | undefined, count: number): void {
    const state = this.kinds.find(({ kind }) => kindName === undefined || kind.name === kindName);
    if (state) this.#want(state, count);
  }

  info(): FrameworkInfo {
    return {
      name: this.plan.name,
      user: 'simulation',
      roles: this.#roles(),
      checkpoint: true,
      failover_timeout: 7 * 86_400,
      capabilities: [
        { type: 'MULTI_ROLE' },
        { type: 'RESERVATION_REFINEMENT' },
        { type: 'PARTITION_AWARE' },
        { type: 'REGION_AWARE' },
        { type: 'GPU_RESOURCES' },
      ],
    };
  }

  #roles(): string[] {
    return [...new Set(this.plan.kinds.map(({ role }) => role))];
  }

  #want(state: KindState, count: number): void {
    state.asked += count;
    const sinceMs = this.#world.elapsedMs();
    for (let left = count; left > 0; left--) this.#wait(state, { sinceMs });
  }

  #hear(event: Event): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        this.#interest.subscribed();
        this.#reconcile();
        break;
      case 'OFFERS':
        this.#takeOffers(event.offers.offers ?? []);
        break;
      case 'UPDATE':
        this.#update(event.update.status);
        break;
      default:
        break;
    }
  }

  #reconcile(): void {
    const tasks = [...this.#placed].map(([id, { agent }]) => ({
      task_id: { value: id },
      agent_id: { value: agent.id },
    }));
    if (tasks.length > 0) this.#line.send({ type: 'RECONCILE', reconcile: { tasks } });
  }

  /** What is of no use is refused for a while, or not offered any more when nothing waits. */
  #takeOffers(offers: readonly Offer[]): void {
    const agents = offers.map(agentOf);
    const placements = new Map<KindState, Placement>();
    const launches = offers.map((offer, index) => {
      const agent = agents[index];
      return { offer, tasks: agent ? this.#fill(new OfferRemainder(offer), agent, agents, placements) : [] };
    });
    const isIdle = this.#interest.refused();
    const filters = { refuse_seconds: isIdle ? 0 : this.plan.refuseSeconds };
    for (const { offer, tasks } of launches) {
      if (tasks.length === 0) continue;
      const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: tasks } }];
      this.#line.send({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters } });
    }
    const refused = launches.flatMap(({ offer, tasks }) => (tasks.length === 0 ? [offer.id] : []));
    if (refused.length > 0) this.#line.send({ type: 'DECLINE', decline: { offer_ids: refused, filters } });
  }

  /** As many tasks as fit, those first that have waited longest. */
  #fill(
    remainder: OfferRemainder,
    agent: OfferedAgent,
    offered: readonly OfferedAgent[],
    placements: Map<KindState, Placement>,
  ): TaskInfo[] {
    const tasks: TaskInfo[] = [];
    const candidates = this.kinds.filter(({ kind }) => kind.role === remainder.role);
    while (tasks.length < this.plan.perOffer) {
      let next: KindState | undefined;
      for (const state of candidates) {
        const sinceMs = state.waiting.first()?.sinceMs;
        if (
          sinceMs === undefined ||
          sinceMs >= (next?.waiting.first()?.sinceMs ?? Number.POSITIVE_INFINITY)
        ) {
          continue;
        }
        if (fits(state.kind, remainder) && this.#mayGo(state, agent, offered, placements)) next = state;
      }
      if (!next) return tasks;
      tasks.push(this.#launch(next, remainder, agent));
      placements.get(next)?.add(agent);
    }
    return tasks;
  }

  #mayGo(
    { kind, tasks, asked }: KindState,
    agent: OfferedAgent,
    offered: readonly OfferedAgent[],
    placements: Map<KindState, Placement>,
  ): boolean {
    if (kind.constraints.length === 0) return true;
    const state = this.kinds.find((one) => one.kind === kind);
    if (!state) return false;
    let placement = placements.get(state);
    if (!placement) {
      placement = new Placement(
        kind.constraints,
        [...tasks.values()].map((task) => task.agent),
        offered,
      );
      placements.set(state, placement);
    }
    const where = placement;
    return kind.constraints.every((constraint) => satisfies(constraint, agent, where, asked));
  }

  #launch(state: KindState, remainder: OfferRemainder, agent: OfferedAgent): TaskInfo {
    const { kind, waiting } = state;
    const origin = waiting.take() ?? { sinceMs: this.#world.elapsedMs() };
    const id = `${this.plan.name}.${kind.name}.${this.#nextTask++}`.replaceAll(/[^\w.-]/g, '_');
    this.#place(id, { state, agent, origin, isRunning: false });
    this.#world.lives.set(id, { startupMs: STARTUP_MS, lengthMs: drawLength(kind.length, this.#random) });
    if (kind.arrivals.type === 'backlog' && origin.replaces === undefined && state.asked < kind.count) {
      state.asked++;
      waiting.add({ sinceMs: this.#world.elapsedMs() });
    }
    return {
      name: kind.name,
      task_id: { value: id },
      agent_id: { value: agent.id },
      resources: Object.entries(kind.amounts).flatMap(([name, amount]) =>
        remainder.takeScalar(name, amount, ACCESS),
      ),
      command: { value: 'true' },
    };
  }

  #place(id: string, task: PlacedTask): void {
    this.#placed.set(id, task);
    task.state.tasks.set(id, task);
  }

  #update({ task_id, agent_id, state, uuid, message = '' }: TaskStatus): void {
    const id = task_id.value;
    const task = this.#placed.get(id);
    if (state === 'TASK_RUNNING') this.#runs(id, task, agent_id);
    else if (task && (isTerminal(state) || state === 'TASK_UNREACHABLE' || state === 'TASK_UNKNOWN')) {
      this.#placed.delete(id);
      task.state.tasks.delete(id);
      // Tried again it would be refused again.
      if (state === 'TASK_ERROR')
        this.#world.ledger.noteIncident(this.#world.elapsedMs(), `${id}: ${message}`);
      else this.#settle(id, task, state);
    }
    if (uuid !== undefined && agent_id) {
      this.#line.send({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
    }
  }

  /** One that was given up, and has a successor, is not wanted when it comes back. */
  #runs(id: string, task: PlacedTask | undefined, agentId: { value: string } | undefined): void {
    if (!task) {
      this.#line.send({
        type: 'KILL',
        kill: { task_id: { value: id }, ...(agentId ? { agent_id: agentId } : {}) },
      });
      return;
    }
    if (task.isRunning) return;
    task.isRunning = true;
    const { ledger } = this.#world;
    const { tally } = task.state;
    const atMs = this.#world.elapsedMs();
    // A backlog is there to wait.
    if (task.state.kind.arrivals.type !== 'backlog') ledger.latency.add(atMs - task.origin.sinceMs);
    tally.started++;
    const { replaces } = task.origin;
    if (!replaces) return;
    tally.moved++;
    const { framework, app } = tally;
    ledger.noteMove({
      atMs,
      framework,
      app,
      taskId: replaces.taskId,
      from: replaces.hostname,
      to: task.agent.hostname,
    });
  }

  /** What was not done is wanted again; what never ran waits on as if it had not been launched. */
  #settle(id: string, task: PlacedTask, end: TaskStatus['state']): void {
    const { state, agent, origin, isRunning } = task;
    const { tally } = state;
    if (end === 'TASK_FINISHED') {
      tally.finished++;
      return;
    }
    if (!isRunning) {
      this.#wait(state, origin);
      return;
    }
    const sinceMs = this.#world.elapsedMs();
    if (end === 'TASK_FAILED') {
      tally.failed++;
      this.#wait(state, { sinceMs });
      return;
    }
    if (end === 'TASK_KILLED') tally.killed++;
    else tally.lost++;
    this.#wait(state, { sinceMs, replaces: { taskId: id, hostname: agent.hostname } });
  }

  /** Where others of the kind wait already, the master knows that it is wanted. */
  #wait({ waiting }: KindState, task: WaitingTask): void {
    const isFirst = waiting.size === 0;
    if (waiting.size < MOST_WAITING) waiting.add(task);
    if (isFirst) this.#interest.rises();
  }
}

const fits = (kind: TaskKind, remainder: OfferRemainder): boolean => {
  for (const name in kind.amounts) {
    const amount = kind.amounts[name] ?? 0;
    if (Math.round(amount * 1000) > Math.round(remainder.scalar(name, ACCESS) * 1000)) return false;
  }
  return true;
};
