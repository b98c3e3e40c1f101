import type {
  Event,
  ResponseGetAgentsAgent,
  ResponseGetFrameworksFramework,
  ResponseGetState,
} from '../../mesos/generated/master.ts';
import type { Attribute, Resource, Task, TaskState } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { NOTHING, plus, type Quantities, quantitiesOf } from './quantities.ts';

/** Ended tasks that are still shown. */
const MOST_ENDED_TASKS = 200;

export interface NodeView {
  readonly id: string;
  readonly hostname: string;
  readonly isActive: boolean;
  readonly total: Quantities;
  /** Deactivated, Draining or Drained, where an operator has taken it out of use. */
  readonly outOfUse: 'Deactivated' | 'Draining' | 'Drained' | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** Empty where none is known. */
  readonly region: string;
  readonly zone: string;
  readonly version: string;
  /** Seconds since the epoch of its registration; 0 when that is not told. */
  readonly registeredAtSeconds: number;
  /** All of it, with roles, reservations and volumes. */
  readonly resources: readonly Resource[];
}

export interface TaskView {
  readonly id: string;
  readonly name: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly state: TaskState;
  readonly isEnded: boolean;
  readonly resources: Quantities;
  /** Seconds since the epoch of the latest status; 0 when there was none. */
  readonly updatedAtSeconds: number;
  /** Undefined when nothing checks the task. */
  readonly isHealthy: boolean | undefined;
}

export interface FrameworkView {
  readonly id: string;
  readonly name: string;
  readonly isConnected: boolean;
  readonly webUiUrl: string;
}

/**
 * The cluster as the master's operator events tell it (mesos.md 3.2): the first event holds everything, the others what
 * changed. Amounts are summed from the tasks, because events carry no sums.
 */
export class ClusterState {
  readonly nodes = new Map<string, NodeView>();
  readonly frameworks = new Map<string, FrameworkView>();
  readonly #tasks = new Map<string, TaskView>();
  readonly #used = new Map<string, Quantities>();

  apply(event: Event): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        this.replace(event.subscribed.get_state ?? {});
        break;
      case 'TASK_ADDED':
        this.#putTask(viewOfTask(event.task_added.task));
        break;
      case 'TASK_UPDATED': {
        const { framework_id: frameworkId, status, state } = event.task_updated;
        const known = this.#tasks.get(keyOf(frameworkId.value, status.task_id.value));
        if (!known) break;
        this.#putTask({
          ...known,
          state,
          isEnded: isTerminal(state),
          updatedAtSeconds: status.timestamp ?? known.updatedAtSeconds,
          isHealthy: status.healthy ?? known.isHealthy,
        });
        break;
      }
      case 'AGENT_ADDED':
        this.#putNode(event.agent_added.agent);
        break;
      case 'AGENT_REMOVED':
        this.nodes.delete(event.agent_removed.agent_id.value);
        break;
      case 'FRAMEWORK_ADDED':
        this.#putFramework(event.framework_added.framework);
        break;
      case 'FRAMEWORK_UPDATED':
        this.#putFramework(event.framework_updated.framework);
        break;
      case 'FRAMEWORK_REMOVED':
        this.frameworks.delete(event.framework_removed.framework_info.id?.value ?? '');
        break;
    }
  }

  /** Takes over a whole state, as GET_STATE and the first event give it. */
  replace(state: ResponseGetState): void {
    this.frameworks.clear();
    this.#tasks.clear();
    this.#used.clear();
    this.replaceNodes(state.get_agents?.agents ?? []);
    for (const framework of state.get_frameworks?.frameworks ?? []) this.#putFramework(framework);
    const {
      tasks = [],
      unreachable_tasks: unreachable = [],
      completed_tasks: completed = [],
    } = state.get_tasks ?? {};
    for (const task of [...completed, ...unreachable, ...tasks]) this.#putTask(viewOfTask(task));
  }

  /** Takes over the agents of GET_AGENTS: no event says that one became unreachable. */
  replaceNodes(agents: readonly ResponseGetAgentsAgent[]): void {
    this.nodes.clear();
    for (const agent of agents) this.#putNode(agent);
  }

  get tasks(): readonly TaskView[] {
    return [...this.#tasks.values()];
  }

  /** What the live tasks of an agent hold. */
  usedOn(agentId: string): Quantities {
    return this.#used.get(agentId) ?? NOTHING;
  }

  get used(): Quantities {
    return [...this.#used.values()].reduce(plus, NOTHING);
  }

  get total(): Quantities {
    return [...this.nodes.values()]
      .filter(({ isActive }) => isActive)
      .map(({ total }) => total)
      .reduce(plus, NOTHING);
  }

  #putNode(agent: ResponseGetAgentsAgent): void {
    const node = viewOfNode(agent);
    this.nodes.set(node.id, node);
  }

  #putFramework({ framework_info: info, connected }: ResponseGetFrameworksFramework): void {
    const id = info.id?.value ?? '';
    const { name, webui_url: webUiUrl = '' } = info;
    this.frameworks.set(id, { id, name, isConnected: connected, webUiUrl });
  }

  #putTask(task: TaskView): void {
    const key = keyOf(task.frameworkId, task.id);
    const earlier = this.#tasks.get(key);
    if (earlier && !earlier.isEnded) this.#addUsed(earlier, -1);
    if (!task.isEnded) this.#addUsed(task, 1);
    // Put at the end, so that the order is that of the latest change and the oldest ended ones can be dropped.
    this.#tasks.delete(key);
    this.#tasks.set(key, task);
    if (task.isEnded) this.#dropOldEnded();
  }

  #addUsed({ agentId, resources }: TaskView, sign: 1 | -1): void {
    const { cpus, mem, disk } = resources;
    const signed = { cpus: sign * cpus, mem: sign * mem, disk: sign * disk };
    this.#used.set(agentId, plus(this.usedOn(agentId), signed));
  }

  #dropOldEnded(): void {
    let surplus = -MOST_ENDED_TASKS;
    for (const { isEnded } of this.#tasks.values()) if (isEnded) surplus++;
    for (const [key, { isEnded }] of this.#tasks) {
      if (surplus <= 0) return;
      if (!isEnded) continue;
      this.#tasks.delete(key);
      surplus--;
    }
  }
}

const keyOf = (frameworkId: string, taskId: string): string => `${frameworkId} ${taskId}`;

const viewOfNode = (agent: ResponseGetAgentsAgent): NodeView => {
  const { agent_info: info, active, deactivated = false, drain_info: drain, version } = agent;
  const resources = agent.total_resources ?? info.resources ?? [];
  const fault = info.domain?.fault_domain;
  const draining = drain?.state === 'DRAINED' ? 'Drained' : drain ? 'Draining' : undefined;
  const registered = agent.reregistered_time ?? agent.registered_time;
  return {
    id: info.id?.value ?? '',
    hostname: info.hostname,
    isActive: active,
    total: quantitiesOf(resources),
    outOfUse: draining ?? (deactivated ? 'Deactivated' : undefined),
    attributes: Object.fromEntries((info.attributes ?? []).map((one) => [one.name, textOfAttribute(one)])),
    region: fault?.region.name ?? '',
    zone: fault?.zone.name ?? '',
    version,
    registeredAtSeconds: (registered?.nanoseconds ?? 0) / 1e9,
    resources,
  };
};

const textOfAttribute = ({ text, scalar, ranges, set }: Attribute): string => {
  if (text) return text.value;
  if (scalar) return String(scalar.value);
  if (ranges) return (ranges.range ?? []).map(({ begin, end }) => `${begin}-${end}`).join(', ');
  return (set?.item ?? []).join(', ');
};

const viewOfTask = (task: Task): TaskView => {
  const latest = task.statuses?.at(-1);
  return {
    id: task.task_id.value,
    name: task.name,
    frameworkId: task.framework_id.value,
    agentId: task.agent_id.value,
    state: task.state,
    isEnded: isTerminal(task.state),
    resources: quantitiesOf(task.resources),
    updatedAtSeconds: latest?.timestamp ?? 0,
    isHealthy: latest?.healthy,
  };
};
