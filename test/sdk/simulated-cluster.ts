import type {
  Offer,
  OfferOperation,
  Resource,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../src/mesos/generated/mesos.ts';
import { addResources, subtractResources } from '../../src/mesos/resources/arithmetic.ts';
import { conversionOf } from '../../src/mesos/resources/conversion.ts';
import type { Random } from '../../src/runtime/random.ts';
import type { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import type { SchedulerCall } from '../../src/sdk/scheduler-connection.ts';
import type { ServiceInput } from '../../src/sdk/service/effect.ts';
import { hasEnded } from '../../src/sdk/service/state.ts';

/** A master with agents as a scheduler of one role sees them: offers, operations, tasks, and ways to fail. */

export interface SimulatedAgent {
  readonly id: string;
  readonly hostname: string;
  total: Resource[];
  /** False while a restarted master does not know of it yet. */
  isRegistered: boolean;
}

export interface SimulatedTask {
  readonly info: TaskInfo;
  state: TaskState;
  readonly agentId: string;
  /** The update that waits for its acknowledgement. */
  pending: TaskStatus | undefined;
}

const ROLE = 'test-role';
const STARTS_WITHIN_MS = 500;
const RETRY_MS = 10_000;

export const scalar = (name: string, value: number): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
});

export class SimulatedCluster {
  readonly agents: SimulatedAgent[];
  /** Every task there ever was. */
  readonly tasks = new Map<string, SimulatedTask>();
  readonly problems: string[] = [];
  /** How a task behaves, by its command; the default is to run for ever. */
  behave: (info: TaskInfo) => 'run' | 'finish' = () => 'run';
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #offers = new Map<string, { agentId: string; resources: Resource[] }>();
  #deliver: ((input: ServiceInput) => void) | undefined;
  #isSuppressed = false;
  #refusedUntilMs = new Map<string, number>();
  #counter = 0;

  constructor({ clock, random, agents }: { clock: VirtualClock; random: Random; agents: number }) {
    this.#clock = clock;
    this.#random = random;
    this.agents = Array.from({ length: agents }, (_unused, index) => ({
      id: `S${index}`,
      hostname: `host-${index}`,
      isRegistered: true,
      total: [
        scalar('cpus', 4),
        scalar('mem', 4096),
        scalar('disk', 4096),
        {
          name: 'ports',
          type: 'RANGES',
          ranges: { range: [{ begin: 10_000 + index * 100, end: 10_050 + index * 100 }] },
        },
      ],
    }));
  }

  /** A scheduler subscribes; what it is told goes to `deliver`, until the connection breaks. */
  subscribe(deliver: (input: ServiceInput) => void): void {
    this.disconnect();
    this.#deliver = deliver;
    this.#isSuppressed = false;
    this.#tell({ type: 'subscribed', frameworkId: 'fw' });
    for (const task of this.tasks.values()) if (task.pending) this.#tellUpdate(task.pending);
    this.#offerSoon();
  }

  disconnect(): void {
    this.#deliver = undefined;
    this.#offers.clear();
    this.#refusedUntilMs.clear();
  }

  get isConnected(): boolean {
    return this.#deliver !== undefined;
  }

  /** The master forgets all agents; each comes back by itself. */
  failOver(): void {
    this.disconnect();
    for (const agent of this.agents) {
      agent.isRegistered = false;
      this.#clock.setTimer(this.#random.next() * 20_000, () => {
        agent.isRegistered = true;
        this.#offerSoon();
      });
    }
  }

  /** A task ends by itself. */
  endTask(id: string, state: TaskState = 'TASK_FAILED'): void {
    const task = this.tasks.get(id);
    if (task && !hasEnded(task.state)) this.#change(task, state, { source: 'SOURCE_EXECUTOR' });
  }

  live(): SimulatedTask[] {
    return [...this.tasks.values()].filter(({ state }) => !hasEnded(state));
  }

  /** Volumes that exist, by agent. */
  volumes(): { agentId: string; id: string; resource: Resource }[] {
    return this.agents.flatMap(({ id: agentId, total }) =>
      total.flatMap((resource) =>
        resource.disk?.persistence ? [{ agentId, id: resource.disk.persistence.id, resource }] : [],
      ),
    );
  }

  /** Takes a call, as if it had just arrived. */
  call(call: SchedulerCall): void {
    switch (call.type) {
      case 'ACCEPT':
        this.#accept(call.accept);
        break;
      case 'DECLINE':
        for (const { value } of call.decline.offer_ids ?? [])
          this.#decline(value, call.decline.filters?.refuse_seconds);
        break;
      case 'REVIVE':
        this.#isSuppressed = false;
        this.#refusedUntilMs.clear();
        this.#offerSoon();
        break;
      case 'SUPPRESS':
        this.#isSuppressed = true;
        break;
      case 'KILL':
        this.#kill(call.kill.task_id.value);
        break;
      case 'ACKNOWLEDGE':
        this.#acknowledge(call.acknowledge.task_id.value, call.acknowledge.uuid);
        break;
      case 'RECONCILE':
        this.#reconcile(call.reconcile.tasks ?? []);
        break;
      default:
        this.problems.push(`the call ${call.type} is not simulated`);
    }
  }

  #tell(input: ServiceInput): void {
    const deliver = this.#deliver;
    // A call's consequences come after the call, never within it.
    this.#clock.setTimer(1, () => {
      if (this.#deliver === deliver) deliver?.(input);
    });
  }

  #tellUpdate(status: TaskStatus): void {
    this.#tell({ type: 'update', status });
  }

  #available(agent: SimulatedAgent): Resource[] {
    const used = [
      ...this.live()
        .filter(({ agentId }) => agentId === agent.id)
        .flatMap(({ info }) => info.resources ?? []),
      ...[...this.#offers.values()]
        .filter(({ agentId }) => agentId === agent.id)
        .flatMap(({ resources }) => resources),
    ].map(withoutAllocation);
    const left = subtractResources(agent.total, used);
    if (!left) this.problems.push(`${agent.id} has more in use than it has`);
    return left ?? [];
  }

  #offerSoon(): void {
    this.#clock.setTimer(1 + this.#random.next() * 50, () => this.#offer());
  }

  #offer(): void {
    if (!this.#deliver || this.#isSuppressed) return;
    const offers: Offer[] = [];
    for (const agent of this.agents) {
      if (!agent.isRegistered || (this.#refusedUntilMs.get(agent.id) ?? 0) > this.#clock.now()) continue;
      const resources = this.#available(agent).map((resource) => ({
        ...resource,
        allocation_info: { role: ROLE },
      }));
      if (resources.length === 0) continue;
      const id = `O${this.#counter++}`;
      this.#offers.set(id, { agentId: agent.id, resources });
      offers.push({
        id: { value: id },
        framework_id: { value: 'fw' },
        agent_id: { value: agent.id },
        hostname: agent.hostname,
        resources,
      });
    }
    if (offers.length > 0) this.#tell({ type: 'offers', offers });
  }

  #decline(offerId: string, seconds = 5): void {
    const offer = this.#offers.get(offerId);
    if (!offer) return;
    this.#offers.delete(offerId);
    this.#refusedUntilMs.set(offer.agentId, this.#clock.now() + seconds * 1_000);
    this.#clock.setTimer(seconds * 1_000 + 1, () => this.#offer());
  }

  #accept({
    offer_ids = [],
    operations = [],
  }: {
    offer_ids?: { value: string }[];
    operations?: OfferOperation[];
  }): void {
    const [offerId] = offer_ids;
    const offer = this.#offers.get(offerId?.value ?? '');
    const agent = this.agents.find(({ id }) => id === offer?.agentId);
    this.#offers.delete(offerId?.value ?? '');
    if (!offer || !agent) {
      for (const info of operations.flatMap(launched))
        this.#refuse(info, 'TASK_DROPPED', 'REASON_INVALID_OFFERS');
      return;
    }
    let left: Resource[] = offer.resources.map(withoutAllocation);
    for (const operation of operations) {
      if (operation.type === 'LAUNCH') {
        for (const info of launched(operation)) {
          const rest = subtractResources(left, (info.resources ?? []).map(withoutAllocation));
          if (rest) {
            left = rest;
            this.#launch(info);
          } else this.#refuse(info, 'TASK_ERROR', 'REASON_TASK_INVALID');
        }
        continue;
      }
      const { consumed, converted } = conversionOf(operation);
      const rest = subtractResources(left, consumed);
      const total = subtractResources(agent.total, consumed);
      if (!rest || !total) {
        this.problems.push(`${operation.type} takes what is not offered: ${JSON.stringify(consumed)}`);
        continue;
      }
      left = addResources(rest, converted);
      agent.total = addResources(total, converted);
    }
    this.#offerSoon();
  }

  #launch(info: TaskInfo): void {
    const id = info.task_id.value;
    if (this.tasks.has(id)) this.problems.push(`${id} is launched twice`);
    const task: SimulatedTask = {
      info,
      state: 'TASK_STAGING',
      agentId: info.agent_id.value,
      pending: undefined,
    };
    this.tasks.set(id, task);
    this.#clock.setTimer(this.#random.next() * STARTS_WITHIN_MS, () => {
      if (!hasEnded(task.state)) this.#change(task, 'TASK_RUNNING', { source: 'SOURCE_EXECUTOR' });
      if (this.behave(info) === 'run') return;
      this.#clock.setTimer(this.#random.next() * 2_000, () => this.endTask(id, 'TASK_FINISHED'));
    });
  }

  #refuse(info: TaskInfo, state: TaskState, reason: NonNullable<TaskStatus['reason']>): void {
    this.#tellUpdate({
      task_id: info.task_id,
      agent_id: info.agent_id,
      state,
      reason,
      source: 'SOURCE_MASTER',
    });
  }

  #change(task: SimulatedTask, state: TaskState, more: Partial<TaskStatus>): void {
    task.state = state;
    const uuid = Buffer.from(this.#random.uuid().replaceAll('-', ''), 'hex').toString('base64');
    task.pending = { task_id: task.info.task_id, agent_id: { value: task.agentId }, state, uuid, ...more };
    this.#retry(task, uuid);
    if (hasEnded(state)) this.#offerSoon();
  }

  #retry(task: SimulatedTask, uuid: string): void {
    if (task.pending?.uuid !== uuid) return;
    const isReachable = this.agents.some(({ id, isRegistered }) => id === task.agentId && isRegistered);
    if (isReachable) this.#tellUpdate(task.pending);
    this.#clock.setTimer(RETRY_MS, () => this.#retry(task, uuid));
  }

  #acknowledge(id: string, uuid: string): void {
    const task = this.tasks.get(id);
    if (task?.pending?.uuid === uuid) task.pending = undefined;
  }

  #kill(id: string): void {
    const task = this.tasks.get(id);
    const agent = this.agents.find((candidate) => candidate.id === task?.agentId);
    if (!task || !agent?.isRegistered) return;
    this.#clock.setTimer(this.#random.next() * 1_000, () => this.endTask(id, 'TASK_KILLED'));
  }

  #reconcile(asked: readonly { task_id: { value: string }; agent_id?: { value: string } }[]): void {
    const isComplete = this.agents.every(({ isRegistered }) => isRegistered);
    const known = (id: string): SimulatedTask | undefined => {
      const task = this.tasks.get(id);
      const isKnown = this.agents.some((agent) => agent.id === task?.agentId && agent.isRegistered);
      return task && isKnown && (!hasEnded(task.state) || task.pending) ? task : undefined;
    };
    const ids = asked.length > 0 ? asked.map(({ task_id }) => task_id.value) : [...this.tasks.keys()];
    for (const id of ids) {
      const task = known(id);
      const source = 'SOURCE_MASTER' as const;
      const reason = 'REASON_RECONCILIATION' as const;
      if (task) {
        const agent_id = { value: task.agentId };
        this.#tellUpdate({ task_id: { value: id }, agent_id, state: task.state, source, reason });
      } else if (asked.length > 0 && isComplete) {
        this.#tellUpdate({ task_id: { value: id }, state: 'TASK_UNKNOWN', source, reason });
      }
    }
  }
}

const launched = (operation: OfferOperation): TaskInfo[] =>
  operation.type === 'LAUNCH' ? (operation.launch.task_infos ?? []) : [];

const withoutAllocation = ({ allocation_info: _allocation, ...resource }: Resource): Resource => resource;
