import { AgentCore, type AgentInput } from '../../../src/agent/core/agent-core.ts';
import type { Effect as AgentEffect, CheckPlan } from '../../../src/agent/core/effect.ts';
import type { Exit } from '../../../src/agent/core/exit.ts';
import { loadCheckpointedResources, loadState } from '../../../src/agent/core/load.ts';
import type { AgentSettings } from '../../../src/agent/core/settings.ts';
import type { AgentEvent } from '../../../src/mesos/agent-protocol.ts';
import { parseResources } from '../../../src/mesos/resources/parse-text.ts';
import { withCheckpointed } from '../../../src/mesos/resources/with-checkpointed.ts';
import type { Connection, Network } from '../../../src/simulation/harness/network.ts';
import type { SimulatedMaster } from '../../../src/simulation/harness/simulated-master.ts';
import { SyncRunner } from '../../../src/simulation/harness/sync-runner.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import type { TimerEffect } from '../../../src/store/turn-runner.ts';

/** A process of the machine; it outlives the agent once its command runs. */
interface SimulatedProcess {
  taskId: string;
  pid: number;
  phase: 'waiting' | 'running' | 'ended';
  exit: Exit;
}

type Effect = Exclude<AgentEffect, TimerEffect>;
type TimerName = Extract<AgentEffect, { type: 'set-timer' }>['timer'];

const SILENCE_MS = 75_000;

export interface SimulatedAgentOptions {
  readonly hostname?: string;
  /** As the agent's flag has them. */
  readonly resources?: string;
  readonly attributes?: AgentSettings['attributes'];
  /** Whether a health check of a task succeeds; default: they all do. */
  readonly isWell?: (taskId: string) => boolean;
  /** How long a task goes on after it was asked to end; default: it ends at once. */
  readonly lingerMs?: () => number;
  /** How long a task runs, and what it ends with; undefined for one that runs until it is ended. */
  readonly lifeOf?: (taskId: string) => { ms: number; code: number } | undefined;
}

/** The real core of an agent over a checkpoint that outlives it, with processes that only pretend. */
export class SimulatedAgent {
  readonly #network: Network;
  readonly #master: SimulatedMaster;
  readonly #settings: AgentSettings;
  readonly #resources: string;
  readonly #lifeOf: NonNullable<SimulatedAgentOptions['lifeOf']>;
  readonly #isWell: NonNullable<SimulatedAgentOptions['isWell']>;
  readonly #lingerMs: NonNullable<SimulatedAgentOptions['lingerMs']>;
  readonly #store = memoryStore();
  readonly #processes = new Map<string, SimulatedProcess>();
  #core: AgentCore | undefined;
  #runner: SyncRunner<AgentInput, Effect, TimerName> | undefined;
  #connection: Connection<AgentEvent> | undefined;
  #lastHeardMs = 0;
  #nextPid = 1;
  /** Nothing gets through in either direction. */
  isCutOff = false;
  /** Ids of tasks whose command was run, once for each time. */
  readonly started: string[] = [];

  constructor(network: Network, master: SimulatedMaster, port: number, options: SimulatedAgentOptions = {}) {
    this.#network = network;
    this.#master = master;
    this.#resources = options.resources ?? 'cpus:4;mem:1024';
    this.#isWell = options.isWell ?? (() => true);
    this.#lingerMs = options.lingerMs ?? (() => 0);
    this.#lifeOf =
      options.lifeOf ??
      ((taskId) =>
        taskId.endsWith('-short') ? { ms: 5_000 + network.random.next() * 60_000, code: 0 } : undefined);
    this.#settings = {
      version: '1.11.0',
      hostname: options.hostname ?? 'host',
      ip: '127.0.0.1',
      port,
      workDir: `/agents/${port}`,
      attributes: options.attributes ?? [],
      executorEnvironment: {},
      executable: undefined,
      containerizers: ['mesos'],
      canSwitchUser: false,
      isolation: [],
      executorRegistrationTimeoutMs: 60_000,
      executorReregistrationTimeoutMs: 2_000,
      executorShutdownGraceMs: 5_000,
    };
    this.start();
  }

  get isAlive(): boolean {
    return this.#runner?.isAlive ?? false;
  }

  get id(): string | undefined {
    return this.#core?.state.agentId;
  }

  /** Ids of the tasks whose command runs now. */
  get running(): string[] {
    return [...this.#processes.values()].flatMap(({ phase, taskId }) =>
      phase === 'running' ? [taskId] : [],
    );
  }

  start(): void {
    if (this.isAlive) return;
    const { clock, random } = this.#network;
    const initialResources = parseResources(this.#resources);
    const resources = withCheckpointed(initialResources, loadCheckpointedResources(this.#store));
    const state = loadState(this.#store, resources);
    const core = new AgentCore({
      state,
      settings: this.#settings,
      initialResources,
      uuid: () => random.uuid(),
    });
    const runner = new SyncRunner<AgentInput, Effect, TimerName>({
      core,
      store: this.#store,
      clock,
      onTimer: (timer) => ({ type: 'timer', timer }),
      perform: (effect) => this.#perform(effect),
    });
    this.#core = core;
    this.#runner = runner;
    runner.handle({ type: 'recovered' });
    for (const { id, process } of [...state.containers.values()]) {
      const found = this.#processes.get(id);
      if (process === undefined || found === undefined)
        runner.handle({ type: 'container-unstarted', containerId: id });
      else if (found.phase === 'ended') {
        runner.handle({ type: 'container-exited', containerId: id, exit: found.exit });
      }
    }
    this.#connectSoon(runner);
  }

  /** kill -9: what runs goes on, what waited for leave ends. */
  kill(): void {
    this.#runner?.kill();
    for (const [id, process] of this.#processes) {
      if (process.phase === 'waiting') this.#processes.delete(id);
    }
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** The machine starts anew: nothing runs on it any more. */
  reboot(): void {
    this.kill();
    this.#processes.clear();
  }

  /** The command of a task ends by itself, badly. */
  fail(taskId: string): void {
    for (const [id, process] of this.#processes) {
      if (process.taskId === taskId) this.#end(id, { type: 'exited', code: 1 });
    }
  }

  /** Nobody hears the end of the connection, either. */
  cutOff(): void {
    this.isCutOff = true;
    if (this.#connection) this.#connection.isBlackhole = true;
  }

  disconnect(): void {
    this.#connection?.close();
  }

  #connectSoon(runner: SyncRunner<AgentInput, Effect, TimerName>): void {
    const delayMs = 100 + Math.floor(this.#network.random.next() * 1_000);
    this.#network.clock.setTimer(delayMs, () => {
      if (!runner.isAlive || runner !== this.#runner) return;
      const report = this.#core?.subscription();
      const connection =
        this.isCutOff || report === undefined
          ? undefined
          : this.#master.subscribeAgent(structuredClone(report), {
              onEvent: (event) => {
                if (connection === this.#connection) this.#hear(structuredClone(event));
              },
              onClose: () => {
                if (connection === this.#connection) this.#reconnect(runner);
              },
            });
      if (!connection) {
        this.#connectSoon(runner);
        return;
      }
      this.#connection = connection;
      this.#lastHeardMs = this.#network.clock.now();
      this.#watchSilence(runner, connection);
    });
  }

  #reconnect(runner: SyncRunner<AgentInput, Effect, TimerName>): void {
    this.#connection = undefined;
    this.#connectSoon(runner);
  }

  #watchSilence(runner: SyncRunner<AgentInput, Effect, TimerName>, connection: Connection<AgentEvent>): void {
    this.#network.clock.setTimer(SILENCE_MS, () => {
      if (connection !== this.#connection || !runner.isAlive) return;
      if (this.#network.clock.now() - this.#lastHeardMs < SILENCE_MS) {
        this.#watchSilence(runner, connection);
        return;
      }
      connection.close();
      this.#reconnect(runner);
    });
  }

  #hear(event: AgentEvent): void {
    this.#lastHeardMs = this.#network.clock.now();
    if (event.type === 'PING') {
      const value = this.#core?.state.agentId;
      if (value !== undefined) this.#send({ type: 'PONG', agent_id: { value } });
      return;
    }
    this.#runner?.handle({ type: 'master-event', event });
  }

  #send(call: Extract<Effect, { type: 'send-master' }>['call']): void {
    const connection = this.#connection;
    const runner = this.#runner;
    if (!connection?.isOpen || !runner || call.type === 'SUBSCRIBE') return;
    this.#network.clock.setTimer(this.#network.delayMs(), () => {
      if (connection.isBlackhole) return;
      const isTaken = this.#master.agentCall(connection.id, structuredClone(call));
      if (!isTaken && connection === this.#connection && runner.isAlive) {
        connection.close();
        this.#reconnect(runner);
      }
    });
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'send-master':
        this.#send(effect.call);
        break;
      case 'start-container':
        this.#fork(effect.plan.id, effect.plan.taskId ?? '');
        break;
      case 'release-container':
        this.#release(effect.containerId);
        break;
      case 'signal-container':
        this.#signal(effect.containerId, effect.signal);
        break;
      case 'start-checks':
        this.#check(effect.plan);
        break;
      case 'forget-container':
        this.#processes.delete(effect.containerId);
        break;
      default:
        break;
    }
  }

  #fork(containerId: string, taskId: string): void {
    const pid = this.#nextPid++;
    const process: SimulatedProcess = { taskId, pid, phase: 'waiting', exit: { type: 'unknown' } };
    this.#processes.set(containerId, process);
    this.#tell(containerId, process, {
      type: 'container-forked',
      containerId,
      process: { pid, began: String(pid) },
    });
  }

  #release(containerId: string): void {
    const process = this.#processes.get(containerId);
    if (process?.phase !== 'waiting') return;
    process.phase = 'running';
    this.started.push(process.taskId);
    const life = this.#lifeOf(process.taskId);
    if (life !== undefined) {
      this.#network.clock.setTimer(life.ms, () =>
        this.#end(containerId, { type: 'exited', code: life.code }),
      );
    }
  }

  /** Runs the health check of a task as long as the task runs, and the agent that it was started by. */
  #check(plan: CheckPlan): void {
    const { healthCheck, containerId } = plan;
    if (healthCheck === undefined) return;
    const runner = this.#runner;
    this.#network.clock.setTimer((healthCheck.interval_seconds ?? 10) * 1000, () => {
      const process = this.#processes.get(containerId);
      if (process?.phase !== 'running' || !runner?.isAlive) return;
      const isHealthy = this.#isWell(process.taskId);
      const result = { type: 'health' as const, isHealthy, message: isHealthy ? '' : 'sick' };
      runner.handle({ type: 'check-result', containerId, result });
      this.#check(plan);
    });
  }

  #signal(containerId: string, signal: string): void {
    const process = this.#processes.get(containerId);
    if (process?.phase === 'waiting') {
      this.#processes.delete(containerId);
      this.#runnerSoon({ type: 'container-failed', containerId, message: 'Killed before its command ran' });
    } else if (process?.phase === 'running') {
      const lingerMs = signal === 'SIGTERM' ? this.#lingerMs() : 0;
      this.#network.clock.setTimer(this.#network.delayMs() + lingerMs, () =>
        this.#end(containerId, { type: 'signalled', signal: 15 }),
      );
    }
  }

  #end(containerId: string, exit: Exit): void {
    const process = this.#processes.get(containerId);
    if (process?.phase !== 'running') return;
    process.phase = 'ended';
    process.exit = exit;
    this.#tell(containerId, process, { type: 'container-exited', containerId, exit });
  }

  #tell(containerId: string, process: SimulatedProcess, input: AgentInput): void {
    const runner = this.#runner;
    this.#network.clock.setTimer(this.#network.delayMs(), () => {
      if (runner?.isAlive && this.#processes.get(containerId) === process) runner.handle(input);
    });
  }

  #runnerSoon(input: AgentInput): void {
    const runner = this.#runner;
    this.#network.clock.setTimer(1, () => runner?.handle(input));
  }
}
