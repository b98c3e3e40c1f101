import type { AgentCall, SubscribeAgent } from '../../mesos/agent-protocol.ts';
import type {
  FrameworkInfo,
  Task,
  TaskInfo,
  TaskState,
  TaskStatus,
  TaskStatusReason,
} from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import type { Timer } from '../../runtime/clock.ts';
import type { World } from './world.ts';

/** From the order to end until it has ended. */
const KILL_MS = 200;

interface Run {
  readonly info: TaskInfo;
  readonly framework: FrameworkInfo & { id: { value: string } };
  state: TaskState;
  /** Not acknowledged, in order; the first one is under way. */
  readonly updates: TaskStatus[];
  timer: Timer | undefined;
}

type Call = Exclude<AgentCall, { type: 'SUBSCRIBE' }>;

/** The tasks of one virtual agent: they start, run for as long as they are to, and what becomes of them is told in order. */
export class AgentTasks {
  readonly #world: World;
  readonly #send: (call: Call) => void;
  readonly #runs = new Map<string, Run>();
  #agentId: string | undefined;
  #nextUpdate = 1;

  constructor(world: World, send: (call: Call) => void) {
    this.#world = world;
    this.#send = send;
  }

  /** One that runs already when the simulation begins. */
  adopt(info: TaskInfo, framework: FrameworkInfo & { id: { value: string } }): void {
    const run: Run = { info, framework, state: 'TASK_RUNNING', updates: [], timer: undefined };
    this.#runs.set(keyOf(framework.id.value, info.task_id.value), run);
  }

  launch(tasks: readonly TaskInfo[], framework: FrameworkInfo, agentId: string | undefined): void {
    this.#agentId = agentId;
    const id = framework.id?.value ?? '';
    for (const info of tasks) {
      const key = keyOf(id, info.task_id.value);
      const run: Run = {
        info,
        framework: { ...framework, id: { value: id } },
        state: 'TASK_STAGING',
        updates: [],
        timer: undefined,
      };
      this.#runs.set(key, run);
      const { startupMs, lengthMs } = this.#world.lives.get(info.task_id.value) ?? this.#world.usualLife;
      this.#later(key, run, startupMs, () => {
        this.#note(run, 'TASK_RUNNING');
        if (lengthMs !== undefined) this.#later(key, run, lengthMs, () => this.#note(run, 'TASK_FINISHED'));
      });
    }
  }

  kill(frameworkId: string, taskId: string): void {
    const key = keyOf(frameworkId, taskId);
    const run = this.#runs.get(key);
    if (run && !isTerminal(run.state)) this.#later(key, run, KILL_MS, () => this.#note(run, 'TASK_KILLED'));
  }

  /** Everything is ended, as the agent is to be empty. */
  drain(): void {
    for (const [key, run] of this.#runs) {
      if (isTerminal(run.state)) continue;
      this.#later(key, run, KILL_MS, () => this.#note(run, 'TASK_KILLED', 'REASON_AGENT_DRAINING'));
    }
  }

  acknowledge({ framework_id, task_id, uuid }: Acknowledgement): void {
    const key = keyOf(framework_id.value, task_id.value);
    const run = this.#runs.get(key);
    if (!run || run.updates[0]?.uuid !== uuid) return;
    const [done] = run.updates.splice(0, 1);
    if (done && isTerminal(done.state)) this.#forget(key, run);
    else this.#sendFirst(run);
  }

  /** The framework was torn down: nobody wants to hear of its tasks. */
  endFramework(frameworkId: string): void {
    for (const [key, run] of this.#runs) if (run.framework.id.value === frameworkId) this.#forget(key, run);
  }

  /** A scheduler is there again: it hears once more what it has not acknowledged. */
  updateFramework({ id }: FrameworkInfo): void {
    for (const run of this.#runs.values()) if (run.framework.id.value === id?.value) this.#sendFirst(run);
  }

  /** The machine is off. */
  vanish(): void {
    for (const [key, run] of this.#runs) this.#forget(key, run);
  }

  /** The master hears again what it may not have heard, and of tasks that it believes to be here. */
  resume(unknown: UnknownTasks, agentId: string): void {
    this.#agentId = agentId;
    for (const run of this.#runs.values()) this.#sendFirst(run);
    for (const { framework_id, task_id } of unknown) {
      const status = this.#status(task_id.value, 'TASK_DROPPED', 'REASON_AGENT_RESTARTED');
      this.#sendStatus(framework_id.value, status, 'TASK_DROPPED');
    }
  }

  report(agentId: string | undefined): Pick<SubscribeAgent, 'tasks' | 'frameworks'> {
    const frameworks = new Map<string, FrameworkInfo>();
    const tasks = [...this.#runs.values()].map(({ info, framework, state }) => {
      frameworks.set(framework.id.value, framework);
      return { info, task: taskOf(info, framework.id.value, state, agentId ?? '') };
    });
    return { tasks, frameworks: [...frameworks.values()] };
  }

  #later(key: string, run: Run, delayMs: number, action: () => void): void {
    run.timer?.cancel();
    run.timer = this.#world.clock.setTimer(delayMs, () => {
      if (this.#runs.get(key) === run) action();
    });
  }

  #note(run: Run, state: TaskState, reason?: TaskStatusReason): void {
    run.state = state;
    const status = this.#status(run.info.task_id.value, state, reason);
    if (run.info.health_check !== undefined && state === 'TASK_RUNNING') status.healthy = true;
    run.updates.push(status);
    if (run.updates.length === 1) this.#sendFirst(run);
  }

  #status(taskId: string, state: TaskState, reason?: TaskStatusReason): TaskStatus {
    return {
      task_id: { value: taskId },
      state,
      source: 'SOURCE_EXECUTOR',
      timestamp: this.#world.clock.now() / 1_000,
      uuid: `${this.#agentId ?? ''}-${this.#nextUpdate++}`,
      ...(this.#agentId === undefined ? {} : { agent_id: { value: this.#agentId } }),
      ...(reason === undefined ? {} : { reason }),
    };
  }

  #sendFirst({ updates: [first], framework, state }: Run): void {
    if (first) this.#sendStatus(framework.id.value, first, state);
  }

  #sendStatus(frameworkId: string, status: TaskStatus, latest: TaskState): void {
    if (this.#agentId === undefined) return;
    this.#send({
      type: 'STATUS_UPDATE',
      agent_id: { value: this.#agentId },
      status_update: { framework_id: { value: frameworkId }, status, latest_state: latest },
    });
  }

  #forget(key: string, run: Run): void {
    run.timer?.cancel();
    this.#runs.delete(key);
    this.#world.lives.delete(run.info.task_id.value);
  }
}

interface Acknowledgement {
  readonly framework_id: { readonly value: string };
  readonly task_id: { readonly value: string };
  readonly uuid: string;
}

type UnknownTasks = readonly Pick<Acknowledgement, 'framework_id' | 'task_id'>[];

const keyOf = (frameworkId: string, taskId: string): string => `${frameworkId} ${taskId}`;

const taskOf = (info: TaskInfo, frameworkId: string, state: TaskState, agentId: string): Task => ({
  name: info.name,
  task_id: info.task_id,
  framework_id: { value: frameworkId },
  agent_id: { value: agentId },
  state,
  resources: info.resources ?? [],
});
