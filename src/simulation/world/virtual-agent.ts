import type { AgentCall, AgentEvent, AgentOperation, SubscribeAgent } from '../../mesos/agent-protocol.ts';
import type { Resource } from '../../mesos/generated/mesos.ts';
import { addResources, subtractResources } from '../../mesos/resources/arithmetic.ts';
import type { Random } from '../../runtime/random.ts';
import type { Connection } from '../harness/network.ts';
import type { AgentPlan } from '../scenario/scenario.ts';
import { AgentTasks } from './agent-tasks.ts';
import type { World } from './world.ts';

const CAPABILITIES = [
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'AGENT_OPERATION_FEEDBACK',
  'AGENT_DRAINING',
] as const;

/** Agents do not come all at the same moment. */
const JOIN_WITHIN_MS = 1_000;

/**
 * A machine with an agent that does what agents do towards the master, and whose tasks only pretend: ten thousand of them
 * fit into one process. What the real agent's logic does when things go wrong is tested in test/simulation.
 */
export class VirtualAgent {
  readonly plan: AgentPlan;
  readonly tasks: AgentTasks;
  readonly #world: World;
  readonly #random: Random;
  readonly #address: { hostname: string; ip: string; port: number };
  /** Dynamic reservations: they are on its disk. */
  #checkpointed: readonly Resource[] = [];
  #connection: Connection<AgentEvent> | undefined;
  #id: string | undefined;
  #isOn = false;
  #isCutOff = false;

  constructor(world: World, plan: AgentPlan, number: number) {
    this.#world = world;
    this.plan = plan;
    this.#id = plan.id;
    this.#random = world.random(`agent ${plan.hostname}`);
    const ip = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
    this.#address = { hostname: plan.hostname, ip, port: 5051 };
    this.tasks = new AgentTasks(world, (call) => this.#send(call));
  }

  get id(): string | undefined {
    return this.#id;
  }

  /** Whether anybody gets through to its tasks. */
  get isReachable(): boolean {
    return this.#isOn && !this.#isCutOff;
  }

  switchOn(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#connectSoon();
  }

  /** Without a word to anybody: the tasks are gone, the master hears nothing any more. */
  losePower(): void {
    this.#isOn = false;
    this.tasks.vanish();
    this.#goSilent();
  }

  /** Tasks run on, and nothing gets through. */
  cutOff(): void {
    this.#isCutOff = true;
    this.#goSilent();
  }

  /** Power is there again, and the network. */
  restore(): void {
    const wasCutOff = this.#isCutOff;
    this.#isCutOff = false;
    if (!this.#isOn) this.switchOn();
    else if (wasCutOff) this.#connectSoon();
  }

  #goSilent(): void {
    if (this.#connection) this.#connection.isBlackhole = true;
    this.#connection = undefined;
  }

  #connectSoon(): void {
    this.#world.clock.setTimer(Math.floor(this.#random.next() * JOIN_WITHIN_MS), () => {
      if (!this.isReachable || this.#connection) return;
      const connection = this.#world.master.subscribeAgent(this.#report(), {
        onEvent: (event) => {
          if (connection === this.#connection) this.#hear(event);
        },
        onClose: () => {
          if (connection === this.#connection) this.#reconnect();
        },
      });
      if (connection) this.#connection = connection;
      else this.#connectSoon();
    });
  }

  #reconnect(): void {
    this.#connection = undefined;
    this.#connectSoon();
  }

  #report(): SubscribeAgent {
    const { hostname, resources, attributes, region, zone } = this.plan;
    return {
      agent_info: {
        hostname,
        port: this.#address.port,
        resources: [...resources],
        attributes: [...attributes],
        ...(this.#id === undefined ? {} : { id: { value: this.#id } }),
        ...(region === undefined
          ? {}
          : { domain: { fault_domain: { region: { name: region }, zone: { name: zone ?? region } } } }),
      },
      address: this.#address,
      version: '1.11.0',
      capabilities: CAPABILITIES.map((type) => ({ type })),
      checkpointed_resources: [...this.#checkpointed],
      ...this.tasks.report(this.#id),
      executors: [],
      operations: [],
    };
  }

  #hear(event: AgentEvent): void {
    switch (event.type) {
      case 'PING':
        this.#tell((agent_id) => ({ type: 'PONG', agent_id }));
        break;
      case 'SUBSCRIBED':
        this.#id = event.subscribed.agent_id.value;
        this.tasks.resume(event.subscribed.unknown_tasks, this.#id);
        if (event.subscribed.drain_config) this.tasks.drain();
        break;
      case 'LAUNCH':
        this.tasks.launch(event.launch.tasks, event.launch.framework_info, this.#id);
        break;
      case 'KILL':
        this.tasks.kill(event.kill.framework_id.value, event.kill.task_id.value);
        break;
      case 'ACKNOWLEDGE':
        this.tasks.acknowledge(event.acknowledge);
        break;
      case 'SHUTDOWN_FRAMEWORK':
        this.tasks.endFramework(event.shutdown_framework.framework_id.value);
        break;
      case 'UPDATE_FRAMEWORK':
        this.tasks.updateFramework(event.update_framework.framework_info);
        break;
      case 'DRAIN':
        this.tasks.drain();
        break;
      case 'APPLY_OPERATION':
        this.#apply(event.apply_operation);
        break;
      case 'SHUTDOWN':
        if (!event.shutdown.keeps_id) this.#id = undefined;
        this.#isOn = false;
        this.tasks.vanish();
        this.#connection = undefined;
        break;
      default:
        break;
    }
  }

  /** Operators of a simulation only reserve. */
  #apply({ uuid, operation, framework_id }: AgentOperation): void {
    const reserved = operation.type === 'RESERVE' ? (operation.reserve.resources ?? []) : [];
    const released = operation.type === 'UNRESERVE' ? (operation.unreserve.resources ?? []) : [];
    const left = subtractResources(this.#checkpointed, released);
    if (left) this.#checkpointed = addResources(left, reserved);
    const state = left ? 'OPERATION_FINISHED' : 'OPERATION_FAILED';
    this.#tell((agent_id) => ({
      type: 'OPERATION_UPDATE',
      agent_id,
      operation_update: { uuid, status: { state }, ...(framework_id ? { framework_id } : {}) },
    }));
  }

  #tell(call: (agentId: { value: string }) => Call): void {
    if (this.#id !== undefined) this.#send(call({ value: this.#id }));
  }

  #send(call: Call): void {
    const connection = this.#connection;
    if (!connection?.isOpen) return;
    this.#world.clock.setTimer(this.#world.network.delayMs(), () => {
      if (connection.isBlackhole) return;
      const isTaken = this.#world.master.agentCall(connection.id, call);
      if (isTaken || connection !== this.#connection) return;
      connection.close();
      this.#reconnect();
    });
  }
}

type Call = Exclude<AgentCall, { type: 'SUBSCRIBE' }>;
