import type { FrameworkInfo, Offer, Resource, TaskStatus } from '../../../src/mesos/generated/mesos.ts';
import type { Call, Event } from '../../../src/mesos/generated/scheduler.ts';
import type { Connection, Network } from '../../../src/simulation/harness/network.ts';
import type { SimulatedMaster } from '../../../src/simulation/harness/simulated-master.ts';

interface WantedTask {
  agentId: string;
  state: TaskStatus['state'];
  isToBeKilled: boolean;
}

const OVER: ReadonlySet<TaskStatus['state']> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_UNKNOWN',
]);

const SILENCE_MS = 75_000;
const RECONCILE_EVERY_MS = 20_000;

/** Keeps a number of tasks alive, by the book: acknowledges, reconciles, subscribes again. */
export class SimulatedScheduler {
  readonly #network: Network;
  readonly #master: SimulatedMaster;
  readonly #info: FrameworkInfo;
  readonly role: string;
  #connection: Connection<Event> | undefined;
  frameworkId: string | undefined;
  /** Tasks that are not known to be over. */
  readonly tasks = new Map<string, WantedTask>();
  wanted: number;
  /** Whether it starts others in the place of tasks that it cannot reach. */
  replacesUnreachable = false;
  #nextTask = 0;
  #changesReservations = true;

  constructor(network: Network, master: SimulatedMaster, role: string, wanted: number) {
    this.#network = network;
    this.#master = master;
    this.role = role;
    this.wanted = wanted;
    this.#info = {
      name: role,
      user: '',
      roles: [role],
      checkpoint: true,
      failover_timeout: 7 * 24 * 3600,
      capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'PARTITION_AWARE' }],
    };
    this.#connectSoon();
    this.#reconcileRegularly();
  }

  /** Ids of tasks that run, as far as it knows. */
  get running(): string[] {
    return [...this.tasks].flatMap(([id, { state }]) => (state === 'TASK_RUNNING' ? [id] : []));
  }

  disconnect(): void {
    this.#connection?.close();
  }

  cutOff(): void {
    const connection = this.#connection;
    if (!connection) return;
    connection.isBlackhole = true;
    this.#network.clock.setTimer(SILENCE_MS, () => {
      if (connection !== this.#connection) return;
      connection.close();
      this.#reconnect();
    });
  }

  killOne(): void {
    const [task] = [...this.tasks.values()].filter(({ isToBeKilled }) => !isToBeKilled);
    if (task) task.isToBeKilled = true;
  }

  settleDown(): void {
    this.#changesReservations = false;
  }

  #connectSoon(): void {
    const delayMs = 100 + Math.floor(this.#network.random.next() * 2_000);
    this.#network.clock.setTimer(delayMs, () => {
      const id = this.frameworkId;
      const framework_info = id === undefined ? this.#info : { ...this.#info, id: { value: id } };
      const connection = this.#master.subscribeScheduler(
        { framework_info },
        {
          onEvent: (event) => {
            if (connection === this.#connection) this.#hear(structuredClone(event));
          },
          onClose: () => {
            if (connection === this.#connection) this.#reconnect();
          },
        },
      );
      if (connection) this.#connection = connection;
      else this.#connectSoon();
    });
  }

  #reconnect(): void {
    this.#connection = undefined;
    this.#connectSoon();
  }

  #hear(event: Event): void {
    if (event.type === 'SUBSCRIBED') {
      this.frameworkId = event.subscribed.framework_id.value;
      this.#reconcile();
      this.#send({ type: 'REVIVE' });
    } else if (event.type === 'OFFERS') {
      for (const offer of event.offers.offers ?? []) this.#take(offer);
    } else if (event.type === 'UPDATE') this.#update(event.update.status);
    else if (event.type === 'UPDATE_OPERATION_STATUS') {
      const { status } = event.update_operation_status;
      if (status.uuid === undefined || status.operation_id === undefined || !status.agent_id) return;
      this.#send({
        type: 'ACKNOWLEDGE_OPERATION_STATUS',
        acknowledge_operation_status: {
          agent_id: status.agent_id,
          operation_id: status.operation_id,
          uuid: status.uuid.value,
        },
      });
    } else if (event.type === 'ERROR') throw new Error(event.error.message);
  }

  #update({ task_id, agent_id, state, uuid }: TaskStatus): void {
    const task = this.tasks.get(task_id.value);
    const isGivenUp = this.replacesUnreachable && state === 'TASK_UNREACHABLE';
    if (OVER.has(state) || isGivenUp) this.tasks.delete(task_id.value);
    else if (task) {
      task.state = state;
      if (task.isToBeKilled) this.#kill(task_id.value, task.agentId);
    }
    if (uuid !== undefined && agent_id) {
      this.#send({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
    }
  }

  /** Uses an offer, or part of it, or not. */
  #take(offer: Offer): void {
    const { random } = this.#network;
    const operations = this.#changesReservations ? this.#reservationChange(offer.resources ?? []) : [];
    const launches: string[] = [];
    while (this.tasks.size < this.wanted && launches.length < this.#room(offer, operations.length > 0)) {
      const name = this.role.replaceAll('/', '.');
      const id = `${name}-${this.#nextTask++}${random.next() < 0.3 ? '-short' : ''}`;
      this.tasks.set(id, { agentId: offer.agent_id.value, state: 'TASK_STAGING', isToBeKilled: false });
      launches.push(id);
    }
    if (operations.length === 0 && launches.length === 0) {
      this.#send({ type: 'DECLINE', decline: { offer_ids: [offer.id], filters: { refuse_seconds: 3 } } });
      return;
    }
    const task_infos = launches.map((id) => ({
      name: id,
      task_id: { value: id },
      agent_id: offer.agent_id,
      resources: this.#taskResources(),
      command: { value: 'sleep' },
    }));
    const launch = launches.length === 0 ? [] : [{ type: 'LAUNCH' as const, launch: { task_infos } }];
    this.#send({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer.id],
        operations: [...operations, ...launch],
        filters: { refuse_seconds: 1 },
      },
    });
  }

  #taskResources(): Resource[] {
    return [this.#scalar('cpus', 0.5), this.#scalar('mem', 32)];
  }

  #scalar(name: string, value: number, more: Partial<Resource> = {}): Resource {
    return { name, type: 'SCALAR', scalar: { value }, allocation_info: { role: this.role }, ...more };
  }

  /** How many tasks fit into what is not reserved. */
  #room({ resources = [] }: Offer, isReserving: boolean): number {
    const free = resources.find(({ name, reservations }) => name === 'cpus' && !reservations?.length);
    return Math.min(2, Math.max(0, Math.floor(((free?.scalar?.value ?? 0) - (isReserving ? 0.5 : 0)) / 0.5)));
  }

  /** Now and then half a cpu is reserved, or what is reserved is given back. */
  #reservationChange(
    resources: readonly Resource[],
  ): Extract<Call, { type: 'ACCEPT' }>['accept']['operations'] & object {
    const chance = this.#network.random.next();
    const id = { value: this.#network.random.uuid() };
    const reserved = resources.find(({ reservations }) =>
      reservations?.some(({ role }) => role === this.role),
    );
    if (reserved && chance < 0.5) {
      return [{ type: 'UNRESERVE', id, unreserve: { resources: [reserved] } }];
    }
    const free = resources.find(({ name, reservations }) => name === 'cpus' && !reservations?.length);
    if (reserved || chance > 0.15 || (free?.scalar?.value ?? 0) < 0.5) return [];
    const reservations = [{ type: 'DYNAMIC' as const, role: this.role }];
    const resource = this.#scalar('cpus', 0.5, { reservations });
    return [{ type: 'RESERVE', ...(chance < 0.1 ? { id } : {}), reserve: { resources: [resource] } }];
  }

  /** With the agent: without, the answer for one that is unreachable is that the task is unknown. */
  #kill(taskId: string, agentId: string): void {
    this.#send({ type: 'KILL', kill: { task_id: { value: taskId }, agent_id: { value: agentId } } });
  }

  #reconcileRegularly(): void {
    this.#network.clock.setTimer(RECONCILE_EVERY_MS, () => {
      this.#reconcile();
      this.#reconcileRegularly();
    });
  }

  #reconcile(): void {
    const tasks = [...this.tasks].map(([id, { agentId }]) => ({
      task_id: { value: id },
      agent_id: { value: agentId },
    }));
    if (tasks.length > 0) this.#send({ type: 'RECONCILE', reconcile: { tasks } });
    else this.#send({ type: 'REVIVE' });
  }

  #send(call: Call): void {
    const connection = this.#connection;
    const { frameworkId } = this;
    if (!connection || frameworkId === undefined) return;
    this.#network.clock.setTimer(this.#network.delayMs(), () => {
      if (!connection.isBlackhole) this.#master.schedulerCall(connection.id, frameworkId, call);
    });
  }
}
