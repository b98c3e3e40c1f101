import type { FrameworkInfo, Resource, TaskStatus } from '../../mesos/generated/mesos.ts';
import type { Store } from '../../store/store.ts';
import type { OperatorContainer } from './operator-containers.ts';
import {
  type AgentState,
  type ContainerRecord,
  emptyState,
  type OperationRecord,
  type Run,
  type RunRecord,
  type TaskRecord,
  taskKeyOf,
} from './state.ts';
import { AGENT_KEY, DRAIN_KEY, RESOURCES_KEY } from './turn.ts';

/** What the agent wrote about itself. */
interface AgentRecord {
  agentId: string;
}

/**
 * Reads the state back that the turns of earlier lives saved. The store holds what this program wrote, so shapes are
 * trusted. `resources` are those that the agent has now, without anything that was reserved or created.
 */
export const loadState = (store: Store, resources: Resource[]): AgentState => {
  const state = emptyState(resources);
  state.agentId = (store.get(AGENT_KEY) as AgentRecord | undefined)?.agentId;
  state.drain = store.get(DRAIN_KEY) as AgentState['drain'];
  for (const info of valuesOf<FrameworkInfo>(store, 'frameworks/')) {
    state.frameworks.set(info.id?.value ?? '', { info, isEnding: false, runs: new Map(), completedRuns: [] });
  }
  loadRuns(store, state);
  loadUpdates(store, state);
  for (const container of valuesOf<OperatorContainer>(store, 'operator-containers/')) {
    state.operatorContainers.set(container.key, container);
  }
  for (const record of valuesOf<OperationRecord>(store, 'operations/')) {
    state.operations.set(record.operation.uuid, record);
  }
  return state;
};

/** Dynamic reservations and persistent volumes as they were saved. */
export const loadCheckpointedResources = (store: Store): Resource[] =>
  (store.get(RESOURCES_KEY) as Resource[] | undefined) ?? [];

const valuesOf = <T>(store: Store, prefix: string): T[] =>
  [...store.range(prefix)].map(({ value }) => value as T);

const loadRuns = (store: Store, state: AgentState): void => {
  const records = valuesOf<RunRecord>(store, 'runs/').sort((one, other) => one.startedMs - other.startedMs);
  for (const record of records) {
    const framework = state.frameworks.get(record.frameworkId);
    if (!framework) continue;
    const run: Run = {
      record,
      tasks: new Map(),
      completedTasks: [],
      containers: new Set(),
      isSubscribed: false,
    };
    for (const task of valuesOf<TaskRecord>(store, `tasks/${record.id}/`)) {
      if (task.isCompleted) run.completedTasks.push(task);
      else {
        run.tasks.set(task.info.task_id.value, task);
        state.tasks.set(taskKeyOf(task.frameworkId, task.info.task_id.value), task);
      }
    }
    if (record.isCompleted) framework.completedRuns.push(run);
    else {
      framework.runs.set(record.executorId, run);
      state.runs.set(record.id, run);
    }
  }
  for (const container of valuesOf<ContainerRecord>(store, 'containers/')) {
    state.containers.set(container.id, container);
    state.runs.get(container.parentId ?? container.id)?.containers.add(container.id);
  }
};

const loadUpdates = (store: Store, state: AgentState): void => {
  for (const { key, value } of store.range('updates/')) {
    const { frameworkId, status } = value as { frameworkId: string; status: TaskStatus };
    const taskId = status.task_id.value;
    const streamKey = taskKeyOf(frameworkId, taskId);
    const sequence = Number(key.slice(key.lastIndexOf('/') + 1));
    const stream = state.streams.get(streamKey) ?? {
      frameworkId,
      taskId,
      queue: [],
      nextSequence: 0,
      attempts: 0,
    };
    stream.queue.push({ sequence, status });
    stream.nextSequence = sequence + 1;
    state.streams.set(streamKey, stream);
  }
};
