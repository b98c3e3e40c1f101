import { Allocator } from '../../../src/master/allocator/allocator.ts';
import type { MasterInput, OperatorCommand, OperatorOutcome } from '../../../src/master/core/input.ts';
import { MasterCore, type MasterEffect } from '../../../src/master/core/master-core.ts';
import { loadState } from '../../../src/master/core/registry.ts';
import type { MasterSettings } from '../../../src/master/core/settings.ts';
import type { MasterState } from '../../../src/master/core/state.ts';
import type { AgentEvent, SubscribeAgent } from '../../../src/mesos/agent-protocol.ts';
import type {
  FrameworkInfo,
  Offer,
  Resource,
  Task,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../../src/mesos/generated/mesos.ts';
import type { Event } from '../../../src/mesos/generated/scheduler.ts';
import { parseResources } from '../../../src/mesos/resources/parse-text.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { SyncRunner } from '../../../src/simulation/harness/sync-runner.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import type { Store } from '../../../src/store/store.ts';
import type { TimerEffect } from '../../../src/store/turn-runner.ts';
import { SETTINGS } from '../support/settings.ts';

type Effect = Exclude<MasterEffect, TimerEffect>;
type TimerName = Extract<MasterEffect, { type: 'set-timer' }>['timer'];

export const INFO: FrameworkInfo = {
  name: 'test',
  user: 'dev',
  roles: ['eng'],
  checkpoint: true,
  failover_timeout: 60,
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'PARTITION_AWARE' }],
};

/** A framework from before roles, partitions and refined reservations. */
export const OLD_INFO: FrameworkInfo = { name: 'old', user: 'dev', checkpoint: true, failover_timeout: 60 };

/** The core of a master on virtual time; agents and schedulers are what it sent to their streams. */
export class CoreHarness {
  readonly clock = new VirtualClock();
  readonly store: Store;
  readonly core: MasterCore;
  readonly effects: Effect[] = [];
  readonly #runner: SyncRunner<MasterInput, Effect, TimerName>;
  #streams = 0;

  constructor({
    store = memoryStore(),
    settings = {},
  }: { store?: Store; settings?: Partial<MasterSettings> } = {}) {
    this.store = store;
    const random = seededRandom(1);
    const masterId = 'M';
    const state = loadState(store, {
      masterId,
      info: { id: masterId, ip: 0, port: 5050 },
      nowMs: this.clock.now(),
    });
    this.core = new MasterCore({
      state,
      settings: { ...SETTINGS, ...settings },
      allocator: new Allocator({ areGuaranteesHeld: settings.isPreempting ?? false }),
      uuid: () => random.uuid(),
    });
    this.#runner = new SyncRunner<MasterInput, Effect, TimerName>({
      core: this.core,
      store,
      clock: this.clock,
      onTimer: (timer) => ({ type: 'timer', timer }),
      perform: (effect) => this.effects.push(effect),
    });
    this.feed({ type: 'started' });
  }

  get state(): MasterState {
    return this.core.state;
  }

  /** Another master over the same registry. */
  restarted(settings: Partial<MasterSettings> = {}): CoreHarness {
    this.#runner.kill();
    return new CoreHarness({ store: this.store, settings });
  }

  /** Handles an input and gives what it leads to at once time to happen, allocation included. */
  feed(input: MasterInput): void {
    this.#runner.handle(input);
    this.advance(10);
  }

  advance(ms: number): void {
    this.clock.advance(ms);
  }

  ask(command: OperatorCommand): OperatorOutcome | undefined {
    const requestId = `request-${this.#streams++}`;
    this.feed({ type: 'operator', requestId, command });
    const answer = this.effects.find((effect) => effect.type === 'answer' && effect.requestId === requestId);
    return answer?.type === 'answer' ? answer.outcome : undefined;
  }

  scheduler(info: FrameworkInfo = INFO, more: object = {}): TestFramework {
    const streamId = `scheduler-${this.#streams++}`;
    this.feed({ type: 'scheduler-subscribe', streamId, subscribe: { framework_info: info, ...more } });
    return new TestFramework(this, streamId);
  }

  agent(
    resources = 'cpus:4;mem:1024;disk:1000;ports:[31000-32000]',
    more: Partial<SubscribeAgent> = {},
  ): TestAgent {
    const port = 6000 + this.#streams;
    return this.agentAt(port, resources, more);
  }

  agentAt(port: number, resources: string, more: Partial<SubscribeAgent> = {}): TestAgent {
    const streamId = `agent-${this.#streams++}`;
    const subscribe: SubscribeAgent = {
      agent_info: { hostname: 'host', port, resources: parseResources(resources) },
      address: { hostname: 'host', ip: '127.0.0.1', port },
      version: '1.11.0',
      capabilities: [
        { type: 'MULTI_ROLE' },
        { type: 'HIERARCHICAL_ROLE' },
        { type: 'RESERVATION_REFINEMENT' },
        { type: 'RESIZE_VOLUME' },
        { type: 'AGENT_OPERATION_FEEDBACK' },
        { type: 'AGENT_DRAINING' },
      ],
      checkpointed_resources: [],
      tasks: [],
      executors: [],
      frameworks: [],
      operations: [],
      ...more,
    };
    this.feed({ type: 'agent-subscribe', streamId, subscribe });
    return new TestAgent(this, streamId, subscribe);
  }

  sent(streamId: string): Event[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'send-scheduler' && effect.streamId === streamId ? [effect.event] : [],
    );
  }

  sentToAgent(streamId: string): AgentEvent[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'send-agent' && effect.streamId === streamId ? [effect.event] : [],
    );
  }

  isClosed(streamId: string): boolean {
    return this.effects.some(
      (effect) =>
        (effect.type === 'close-scheduler' || effect.type === 'close-agent') && effect.streamId === streamId,
    );
  }
}

export class TestFramework {
  readonly harness: CoreHarness;
  readonly streamId: string;

  constructor(harness: CoreHarness, streamId: string) {
    this.harness = harness;
    this.streamId = streamId;
  }

  get events(): Event[] {
    return this.harness.sent(this.streamId);
  }

  get id(): string {
    const [first] = this.events;
    return first?.type === 'SUBSCRIBED' ? first.subscribed.framework_id.value : '';
  }

  get error(): string | undefined {
    return this.events.flatMap((event) => (event.type === 'ERROR' ? [event.error.message] : []))[0];
  }

  /** Every offer that was made, rescinded or not. */
  get offers(): Offer[] {
    return this.events.flatMap((event) => (event.type === 'OFFERS' ? (event.offers.offers ?? []) : []));
  }

  get lastOffer(): Offer {
    const offer = this.offers.at(-1);
    if (!offer) throw new Error('there was no offer');
    return offer;
  }

  get rescinded(): string[] {
    return this.events.flatMap((event) => (event.type === 'RESCIND' ? [event.rescind.offer_id.value] : []));
  }

  get statuses(): TaskStatus[] {
    return this.events.flatMap((event) => (event.type === 'UPDATE' ? [event.update.status] : []));
  }

  get lastStatus(): TaskStatus | undefined {
    return this.statuses.at(-1);
  }

  get record() {
    const framework = this.harness.state.frameworks.get(this.id);
    if (!framework) throw new Error('the framework is gone');
    return framework;
  }

  call(call: object): void {
    this.harness.feed({ type: 'scheduler-call', frameworkId: this.id, call: call as never });
  }

  accept(offerIds: readonly string[], operations: readonly object[], refuseSeconds?: number): void {
    this.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: offerIds.map((value) => ({ value })),
        operations,
        ...(refuseSeconds === undefined ? {} : { filters: { refuse_seconds: refuseSeconds } }),
      },
    });
  }

  declineAll(): void {
    const offer_ids = [...this.record.offerIds].map((value) => ({ value }));
    this.call({ type: 'DECLINE', decline: { offer_ids } });
  }

  launch(offer: Offer, ...tasks: TaskInfo[]): void {
    this.accept([offer.id.value], [{ type: 'LAUNCH', launch: { task_infos: tasks } }]);
  }

  close(): void {
    this.harness.feed({ type: 'scheduler-closed', streamId: this.streamId });
  }
}

export class TestAgent {
  readonly harness: CoreHarness;
  readonly streamId: string;
  readonly report: SubscribeAgent;

  constructor(harness: CoreHarness, streamId: string, report: SubscribeAgent) {
    this.harness = harness;
    this.streamId = streamId;
    this.report = report;
  }

  get events(): AgentEvent[] {
    return this.harness.sentToAgent(this.streamId);
  }

  of<Type extends AgentEvent['type']>(type: Type): Extract<AgentEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<AgentEvent, { type: Type }> => event.type === type);
  }

  get id(): string {
    return this.of('SUBSCRIBED')[0]?.subscribed.agent_id.value ?? '';
  }

  pong(): void {
    this.harness.feed({
      type: 'agent-call',
      agentId: this.id,
      call: { type: 'PONG', agent_id: { value: this.id } },
    });
  }

  /** Tells a state of a task; the uuid is made from task and state. */
  update(
    framework: TestFramework,
    taskId: string,
    state: TaskState,
    { latest = state, ...more }: Partial<TaskStatus> & { latest?: TaskState } = {},
  ): void {
    this.harness.feed({
      type: 'agent-call',
      agentId: this.id,
      call: {
        type: 'STATUS_UPDATE',
        agent_id: { value: this.id },
        status_update: {
          framework_id: { value: framework.id },
          status: {
            task_id: { value: taskId },
            state,
            source: 'SOURCE_EXECUTOR',
            agent_id: { value: this.id },
            uuid: uuidOf(taskId, state),
            timestamp: this.harness.clock.now() / 1000,
            ...more,
          },
          latest_state: latest,
        },
      },
    });
  }

  close(): void {
    this.harness.feed({ type: 'agent-closed', streamId: this.streamId });
  }

  /** Subscribes again, under its id, with what it says then. */
  back(more: Partial<SubscribeAgent> = {}, harness: CoreHarness = this.harness): TestAgent {
    const { agent_info, address, ...rest } = this.report;
    return harness.agentAt(address.port, '', {
      ...rest,
      address,
      agent_info: { ...agent_info, id: { value: this.id } },
      ...more,
    });
  }
}

export const uuidOf = (taskId: string, state: string): string =>
  Buffer.from(`${taskId}${state}`.padEnd(16, '.').slice(-16)).toString('base64');

export const cpus = (value: number, more: Partial<Resource> = {}): Resource => ({
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value },
  allocation_info: { role: 'eng' },
  ...more,
});

export const mem = (value: number, more: Partial<Resource> = {}): Resource => ({
  ...cpus(value, more),
  name: 'mem',
});

export const disk = (value: number, more: Partial<Resource> = {}): Resource => ({
  ...cpus(value, more),
  name: 'disk',
});

export const task = (id: string, agentId: string, more: Partial<TaskInfo> = {}): TaskInfo => ({
  name: id,
  task_id: { value: id },
  agent_id: { value: agentId },
  resources: [cpus(0.5), mem(64)],
  command: { value: 'true' },
  ...more,
});

/** A task as an agent reports it. */
export const reportedTask = (
  id: string,
  frameworkId: string,
  agentId: string,
  state: TaskState = 'TASK_RUNNING',
): { task: Task; info: TaskInfo } => ({
  info: task(id, agentId),
  task: {
    name: id,
    task_id: { value: id },
    framework_id: { value: frameworkId },
    agent_id: { value: agentId },
    state,
    resources: [cpus(0.5), mem(64)],
    statuses: [{ task_id: { value: id }, state, healthy: true }],
  },
});
