import { withoutVolume } from '../../../src/marathon/core/resident/reserved-resource.ts';
import type {
  Attribute,
  ExecutorInfo,
  Offer,
  OfferOperation,
  Resource,
  TaskInfo,
  TaskState,
} from '../../../src/mesos/generated/mesos.ts';
import type { Event } from '../../../src/mesos/generated/scheduler.ts';
import { addResources, subtractResources } from '../../../src/mesos/resources/arithmetic.ts';
import { allocatedTo, unallocated } from '../../../src/mesos/resources/reservation-format.ts';
import { isReserved, reservationRole } from '../../../src/mesos/resources/traits.ts';
import type { Clock } from '../../../src/runtime/clock.ts';
import type { Random } from '../../../src/runtime/random.ts';
import type { SchedulerCall } from '../../../src/sdk/scheduler-connection.ts';

/** A task on a simulated agent. */
export interface SimulatedTask {
  readonly info: TaskInfo;
  readonly agentId: string;
  state: TaskState;
  /** Told and not acknowledged yet, the oldest first. */
  readonly updates: { state: TaskState; uuid: string; reason?: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED' }[];
  /** Of a task group; its resources are used as long as one of the group's tasks runs. */
  readonly executor?: ExecutorInfo;
  isHealthy?: boolean;
}

export interface SimulatedAgent {
  readonly id: string;
  readonly hostname: string;
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  /** Disks beside its own. */
  readonly disks: Resource[];
  /** What was reserved on it, volumes included; whether or not tasks use it. Survives everything. */
  reserved: Resource[];
  readonly attributes: Attribute[];
  isReachable: boolean;
  /** The master has heard of it since its own start. */
  isRegistered: boolean;
  readonly tasks: Map<string, SimulatedTask>;
}

const RUNNING_STATES: ReadonlySet<TaskState> = new Set([
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
]);
const LATENCY_MS = 5;
const UPDATE_RETRY_MS = 10_000;
const ALLOCATION_MS = 1000;
const SECONDS = 1000;
const REREGISTRATION_MS = 500;

/**
 * A master with agents on virtual time, as much of it as a framework can tell: offers with filters and suppression,
 * launches, kills, updates until they are acknowledged, reconciliation, agents that get lost and come back.
 */
export class SimulatedMaster {
  readonly agents = new Map<string, SimulatedAgent>();
  readonly frameworkId = 'framework-1';
  /** All calls that were taken, in order. */
  readonly calls: SchedulerCall[] = [];
  /** What a task does once it was launched; default: it runs. */
  behaviour: (task: TaskInfo) => 'run' | 'fail' | 'error' = () => 'run';
  /** Operations on resources that come to nothing; default: none. */
  failOperation: (operation: OfferOperation) => boolean = () => false;
  /** What it says of itself; versions from 1.8 on tell how operations end. */
  version = '1.11.0';
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #offers = new Map<string, { offer: Offer; agentId: string }>();
  readonly #filters = new Map<string, number>();
  #suppressed = new Set<string>();
  #roles: readonly string[] = [];
  #listener: ((event: Event) => void) | undefined;
  #nextOffer = 0;
  #nextUuid = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#allocateAgain();
  }

  addAgent(given: Partial<SimulatedAgent> & { id: string }): SimulatedAgent {
    const agent: SimulatedAgent = {
      hostname: `${given.id}.example`,
      cpus: 8,
      mem: 8192,
      disk: 10_000,
      disks: [],
      reserved: [],
      attributes: [],
      isReachable: true,
      isRegistered: true,
      tasks: new Map(),
      ...given,
    };
    this.agents.set(agent.id, agent);
    this.allocate();
    return agent;
  }

  /** The tasks that exist on agents, lost agents included. */
  tasks(): SimulatedTask[] {
    return [...this.agents.values()].flatMap(({ tasks }) => [...tasks.values()]);
  }

  runningTasks(): SimulatedTask[] {
    return this.tasks().filter(({ state }) => RUNNING_STATES.has(state));
  }

  subscribe(options: {
    roles: readonly string[];
    suppressedRoles: readonly string[];
    listener: (event: Event) => void;
  }): void {
    this.disconnect();
    this.#listener = options.listener;
    this.#roles = options.roles;
    this.#suppressed = new Set(options.suppressedRoles);
    this.#emit({
      type: 'SUBSCRIBED',
      subscribed: {
        framework_id: { value: this.frameworkId },
        heartbeat_interval_seconds: 15,
        master_info: { id: 'master', ip: 0, port: 5050, version: this.version },
      },
    });
    for (const task of this.tasks()) this.#tell(task);
    this.allocate();
  }

  disconnect(): void {
    this.#listener = undefined;
    this.#offers.clear();
    this.#filters.clear();
  }

  /** Dies and is there again, but knows of its agents and their tasks only once those have come back to it. */
  restart(): void {
    this.disconnect();
    for (const agent of this.agents.values()) {
      agent.isRegistered = false;
      this.#clock.setTimer(REREGISTRATION_MS * (1 + 4 * this.#random.next()), () => {
        agent.isRegistered = true;
        for (const task of agent.tasks.values()) this.#tell(task);
        this.allocate();
      });
    }
  }

  /** Takes a call. */
  take(call: SchedulerCall): void {
    this.calls.push(call);
    switch (call.type) {
      case 'ACCEPT':
        this.#accept(call.accept);
        break;
      case 'DECLINE':
        for (const { value } of call.decline.offer_ids ?? []) {
          this.#release(value, call.decline.filters?.refuse_seconds ?? 5);
        }
        break;
      case 'REVIVE':
        for (const role of call.revive?.roles ?? this.#roles) this.#suppressed.delete(role);
        this.#filters.clear();
        this.allocate();
        break;
      case 'SUPPRESS':
        for (const role of call.suppress?.roles ?? this.#roles) this.#suppressed.add(role);
        break;
      case 'UPDATE_FRAMEWORK':
        this.#roles = call.update_framework.framework_info.roles ?? [];
        this.#suppressed = new Set(call.update_framework.suppressed_roles);
        this.allocate();
        break;
      case 'KILL':
        this.#kill(call.kill.task_id.value, call.kill.agent_id?.value);
        break;
      case 'ACKNOWLEDGE': {
        const task = this.#find(call.acknowledge.task_id.value);
        if (task?.updates[0]?.uuid !== call.acknowledge.uuid) break;
        task.updates.shift();
        if (task.updates.length === 0 && !RUNNING_STATES.has(task.state)) {
          this.agents.get(task.agentId)?.tasks.delete(task.info.task_id.value);
        } else this.#tell(task);
        break;
      }
      case 'RECONCILE':
        this.#reconcile(call.reconcile.tasks ?? []);
        break;
      default:
        break;
    }
  }

  /** A task ends, or another thing happens to it, by itself. */
  change(taskId: string, state: TaskState): void {
    const task = this.#find(taskId);
    if (task && RUNNING_STATES.has(task.state)) this.#update(task, state);
  }

  setHealth(taskId: string, isHealthy: boolean): void {
    const task = this.#find(taskId);
    if (task?.state !== 'TASK_RUNNING') return;
    task.isHealthy = isHealthy;
    this.#update(task, 'TASK_RUNNING', 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED');
  }

  /** The agent cannot be reached; its tasks go on. */
  loseAgent(id: string): void {
    const agent = this.agents.get(id);
    if (!agent?.isReachable) return;
    agent.isReachable = false;
    for (const [offerId, { agentId }] of this.#offers) if (agentId === id) this.#offers.delete(offerId);
    for (const task of agent.tasks.values()) {
      if (!RUNNING_STATES.has(task.state)) continue;
      this.#emit({
        type: 'UPDATE',
        update: {
          status: {
            task_id: task.info.task_id,
            agent_id: { value: id },
            state: 'TASK_UNREACHABLE',
            source: 'SOURCE_MASTER',
            reason: 'REASON_AGENT_REMOVED',
            unreachable_time: { nanoseconds: this.#clock.now() * 1_000_000 },
          },
        },
      });
    }
  }

  returnAgent(id: string): void {
    const agent = this.agents.get(id);
    if (agent === undefined || agent.isReachable) return;
    agent.isReachable = true;
    for (const task of agent.tasks.values()) {
      if (RUNNING_STATES.has(task.state)) this.#answer(task.info.task_id.value, task.state, id);
      this.#tell(task);
    }
    this.allocate();
  }

  /** Offers what agents have free to the roles that want it. */
  allocate(): void {
    if (this.#listener === undefined) return;
    const offers: Offer[] = [];
    for (const agent of this.agents.values()) {
      for (const role of this.#roles) {
        if (this.#suppressed.has(role) || !isPresent(agent)) continue;
        if ((this.#filters.get(`${role} ${agent.id}`) ?? 0) > this.#clock.now()) continue;
        const offer = this.#offerOf(agent, role);
        if (offer) offers.push(offer);
      }
    }
    if (offers.length > 0) this.#emit({ type: 'OFFERS', offers: { offers } });
  }

  #allocateAgain(): void {
    this.#clock.setTimer(ALLOCATION_MS, () => {
      this.allocate();
      this.#allocateAgain();
    });
  }

  #offerOf(agent: SimulatedAgent, role: string): Offer | undefined {
    const isOffered = [...this.#offers.values()].some(({ agentId }) => agentId === agent.id);
    if (isOffered) return undefined;
    const used = usedOn(agent);
    const taken = [...used.filter((resource) => !isReserved(resource)), ...agent.reserved];
    const sum = (name: string): number =>
      taken.reduce(
        (total, one) =>
          total + (one.name === name && one.disk?.source === undefined ? (one.scalar?.value ?? 0) : 0),
        0,
      );
    const cpus = Math.round((agent.cpus - sum('cpus')) * 1000) / 1000;
    const mem = agent.mem - sum('mem');
    const allocation_info = { role };
    const mine = agent.reserved.filter((resource) => reservationRole(resource) === role);
    const unused = subtractResources(unallocated(mine), unallocated(used.filter(isReserved))) ?? [];
    const reserved = allocatedTo(unused, role);
    if (cpus < 0.01 && mem < 32 && reserved.length === 0) return undefined;
    const takenPorts = new Set(
      taken
        .flatMap(({ ranges }) => ranges?.range ?? [])
        .flatMap(({ begin, end }) => Array.from({ length: end - begin + 1 }, (_, index) => begin + index)),
    );
    const free = Array.from({ length: 1000 }, (_, index) => 31_000 + index).filter(
      (port) => !takenPorts.has(port),
    );
    const disks = agent.disks.filter(
      ({ disk }) =>
        !agent.reserved.some((other) => other.disk?.source?.mount?.root === disk?.source?.mount?.root),
    );
    const resources: Resource[] = [
      { name: 'cpus', type: 'SCALAR', scalar: { value: cpus }, allocation_info },
      { name: 'mem', type: 'SCALAR', scalar: { value: mem }, allocation_info },
      { name: 'disk', type: 'SCALAR', scalar: { value: agent.disk - sum('disk') }, allocation_info },
      {
        name: 'ports',
        type: 'RANGES',
        ranges: { range: free.map((port) => ({ begin: port, end: port })) },
        allocation_info,
      },
      ...allocatedTo(disks, role),
      ...reserved,
    ];
    const offer: Offer = {
      id: { value: `O${this.#nextOffer++}` },
      framework_id: { value: this.frameworkId },
      agent_id: { value: agent.id },
      hostname: agent.hostname,
      resources,
      attributes: agent.attributes,
      allocation_info,
    };
    this.#offers.set(offer.id.value, { offer, agentId: agent.id });
    return offer;
  }

  #release(offerId: string, refuseSeconds: number): void {
    const known = this.#offers.get(offerId);
    if (known === undefined) return;
    this.#offers.delete(offerId);
    const role = known.offer.allocation_info?.role ?? '*';
    if (refuseSeconds > 0) {
      this.#filters.set(`${role} ${known.agentId}`, this.#clock.now() + refuseSeconds * SECONDS);
    } else this.allocate();
  }

  #accept({
    offer_ids = [],
    operations = [],
    filters,
  }: Extract<SchedulerCall, { type: 'ACCEPT' }>['accept']): void {
    const launched = operations.flatMap(launchesOf);
    const known = this.#offers.get(offer_ids[0]?.value ?? '');
    const agent = known && this.agents.get(known.agentId);
    if (!known || !agent || !isPresent(agent)) {
      for (const { task_id, agent_id } of launched.flatMap(({ infos }) => infos)) {
        this.#answer(task_id.value, 'TASK_DROPPED', agent_id.value);
      }
      return;
    }
    for (const operation of operations) this.#operate(agent, operation);
    for (const { infos, executor } of launched) {
      const needed = [...(executor?.resources ?? []), ...infos.flatMap(({ resources = [] }) => resources)];
      const held = unallocated([...usedOn(agent), ...needed].filter(isReserved));
      if (subtractResources(agent.reserved, held) === undefined) {
        for (const { task_id } of infos) this.#answer(task_id.value, 'TASK_ERROR', agent.id);
        continue;
      }
      for (const info of infos) {
        const task: SimulatedTask = {
          info,
          agentId: agent.id,
          state: 'TASK_STAGING',
          updates: [],
          ...(executor ? { executor } : {}),
        };
        agent.tasks.set(info.task_id.value, task);
        this.#clock.setTimer(LATENCY_MS * (1 + this.#random.next()), () => this.#start(task));
      }
    }
    this.#release(known.offer.id.value, filters?.refuse_seconds ?? 5);
  }

  /** Changes what is reserved; what cannot be done is told, and changes nothing. */
  #operate(agent: SimulatedAgent, operation: OfferOperation): void {
    if (operation.type === 'LAUNCH' || operation.type === 'LAUNCH_GROUP') return;
    const reserved = this.failOperation(operation) ? undefined : afterOperation(agent.reserved, operation);
    if (reserved) agent.reserved = reserved;
    const { id } = operation;
    if (id === undefined) return;
    this.#emit({
      type: 'UPDATE_OPERATION_STATUS',
      update_operation_status: {
        status: reserved
          ? {
              operation_id: id,
              state: 'OPERATION_FINISHED',
              agent_id: { value: agent.id },
              uuid: { value: `uuid-${this.#nextUuid++}` },
            }
          : { operation_id: id, state: 'OPERATION_ERROR', message: 'refused' },
      },
    });
  }

  #start(task: SimulatedTask): void {
    if (task.state !== 'TASK_STAGING') return;
    const behaviour = this.behaviour(task.info);
    if (behaviour === 'error') {
      this.#update(task, 'TASK_ERROR');
      return;
    }
    this.#update(task, 'TASK_STARTING');
    this.#update(task, 'TASK_RUNNING');
    if (behaviour === 'fail') {
      this.#clock.setTimer(LATENCY_MS, () => this.change(task.info.task_id.value, 'TASK_FAILED'));
    }
  }

  #kill(taskId: string, agentId: string | undefined): void {
    const task = this.#find(taskId);
    if (task === undefined) {
      this.#reconcile([{ task_id: { value: taskId }, ...(agentId ? { agent_id: { value: agentId } } : {}) }]);
      return;
    }
    const agent = this.agents.get(task.agentId);
    if (!agent || !isPresent(agent) || !RUNNING_STATES.has(task.state)) return;
    this.#clock.setTimer(LATENCY_MS, () => this.change(taskId, 'TASK_KILLED'));
  }

  #reconcile(tasks: readonly { task_id: { value: string }; agent_id?: { value: string } }[]): void {
    if (tasks.length === 0) {
      for (const agent of this.agents.values()) {
        if (!isPresent(agent)) continue;
        for (const task of agent.tasks.values()) this.#answer(task.info.task_id.value, task.state, agent.id);
      }
      return;
    }
    for (const { task_id, agent_id } of tasks) {
      const task = this.#find(task_id.value);
      const agent = this.agents.get(agent_id?.value ?? task?.agentId ?? '');
      if (agent && !agent.isRegistered) continue;
      if (agent && !agent.isReachable) this.#answer(task_id.value, 'TASK_UNREACHABLE', agent.id);
      else if (task) this.#answer(task_id.value, task.state, task.agentId);
      else this.#answer(task_id.value, agent ? 'TASK_GONE' : 'TASK_UNKNOWN', agent_id?.value);
    }
  }

  #find(taskId: string): SimulatedTask | undefined {
    for (const agent of this.agents.values()) {
      const task = agent.tasks.get(taskId);
      if (task) return task;
    }
    return undefined;
  }

  #update(task: SimulatedTask, state: TaskState, reason?: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED'): void {
    task.state = state;
    task.updates.push({ state, uuid: `uuid-${this.#nextUuid++}`, ...(reason ? { reason } : {}) });
    if (task.updates.length === 1) this.#tell(task);
    if (RUNNING_STATES.has(state)) return;
    this.allocate();
    if (task.executor && state !== 'TASK_FINISHED') this.#endGroup(task);
  }

  /** The default executor lets no task of a group outlive one that failed, or was killed. */
  #endGroup({ executor, agentId }: SimulatedTask): void {
    for (const other of this.agents.get(agentId)?.tasks.values() ?? []) {
      if (other.executor?.executor_id.value !== executor?.executor_id.value) continue;
      this.#clock.setTimer(LATENCY_MS, () => this.change(other.info.task_id.value, 'TASK_KILLED'));
    }
  }

  /** Tells the oldest update, again and again until it is acknowledged. */
  #tell(task: SimulatedTask): void {
    const [update] = task.updates;
    const agent = this.agents.get(task.agentId);
    if (update === undefined || !agent || !isPresent(agent)) return;
    this.#emit({
      type: 'UPDATE',
      update: {
        status: {
          task_id: task.info.task_id,
          agent_id: { value: task.agentId },
          state: update.state,
          uuid: update.uuid,
          source: 'SOURCE_EXECUTOR',
          ...(update.reason ? { reason: update.reason } : {}),
          ...(task.isHealthy === undefined ? {} : { healthy: task.isHealthy }),
        },
      },
    });
    this.#clock.setTimer(UPDATE_RETRY_MS, () => {
      if (task.updates[0] === update) this.#tell(task);
    });
  }

  #answer(taskId: string, state: TaskState, agentId: string | undefined): void {
    this.#emit({
      type: 'UPDATE',
      update: {
        status: {
          task_id: { value: taskId },
          ...(agentId ? { agent_id: { value: agentId } } : {}),
          state,
          source: 'SOURCE_MASTER',
          reason: 'REASON_RECONCILIATION',
          ...(state === 'TASK_UNREACHABLE'
            ? { unreachable_time: { nanoseconds: this.#clock.now() * 1_000_000 } }
            : {}),
        },
      },
    });
  }

  #emit(event: Event): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    // A copy, as it would come over the wire; the order of events is kept by the clock.
    const copy = structuredClone(event);
    this.#clock.setTimer(LATENCY_MS, () => {
      if (this.#listener === listener) listener(copy);
    });
  }
}

const afterOperation = (reserved: readonly Resource[], operation: OfferOperation): Resource[] | undefined => {
  switch (operation.type) {
    case 'RESERVE':
      return addResources(reserved, unallocated(operation.reserve.resources ?? []));
    case 'UNRESERVE':
      return subtractResources(reserved, unallocated(operation.unreserve.resources ?? []));
    case 'CREATE': {
      const volumes = unallocated(operation.create.volumes ?? []);
      const rest = subtractResources(reserved, volumes.map(withoutVolume));
      return rest && addResources(rest, volumes);
    }
    case 'DESTROY': {
      const volumes = unallocated(operation.destroy.volumes ?? []);
      const rest = subtractResources(reserved, volumes);
      return rest && addResources(rest, volumes.map(withoutVolume));
    }
    default:
      return undefined;
  }
};

interface Launched {
  readonly infos: readonly TaskInfo[];
  readonly executor?: ExecutorInfo;
}

const launchesOf = (operation: OfferOperation): Launched[] => {
  if (operation.type === 'LAUNCH') {
    return (operation.launch.task_infos ?? []).map((info) => ({ infos: [info] }));
  }
  if (operation.type !== 'LAUNCH_GROUP') return [];
  const { executor, task_group } = operation.launch_group;
  return [{ infos: task_group.tasks ?? [], executor }];
};

/** What the tasks of an agent use, and their executors, each once. */
const usedOn = ({ tasks }: SimulatedAgent): Resource[] => {
  const running = [...tasks.values()].filter(({ state }) => RUNNING_STATES.has(state));
  const executors = new Map(running.map(({ executor }) => [executor?.executor_id.value, executor]));
  return [
    ...running.flatMap(({ info }) => info.resources ?? []),
    ...[...executors.values()].flatMap((executor) => executor?.resources ?? []),
  ];
};

const isPresent = ({ isReachable, isRegistered }: SimulatedAgent): boolean => isReachable && isRegistered;
