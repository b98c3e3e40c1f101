import type { Task } from '../../mesos/generated/mesos.ts';
import type { ClusterView } from './documents/cluster-view.ts';
import type { Fragments } from './documents/fragments.ts';
import { JsonGroup } from './documents/json-document.ts';
import { taskList } from './framework-json.ts';

export interface TasksQuery {
  readonly limit: number;
  readonly offset: number;
  readonly isAscending: boolean;
  readonly taskId: string | null;
  readonly frameworkId: string | null;
}

interface DatedTask {
  readonly task: Task;
  /** Of the first status, in seconds. */
  readonly since: number;
}

/** What is sorted at once; sorted runs are then merged with pauses. */
const RUN_LENGTH = 2048;
const TASKS_PER_STEP = 512;

/** The v0 /tasks (mesos.md 3.9): a page of all tasks that are known, by the time of their first status. */
export function* tasksJson(
  view: ClusterView,
  query: TasksQuery,
  fragments: Fragments,
): Generator<void, JsonGroup> {
  const found: DatedTask[] = [];
  let seen = 0;
  for (const task of tasksOf(view, query.frameworkId)) {
    if (++seen % TASKS_PER_STEP === 0) yield;
    if (query.taskId !== null && task.task_id.value !== query.taskId) continue;
    found.push({ task, since: task.statuses?.[0]?.timestamp ?? 0 });
  }
  const sorted = yield* sort(found, (one, other) =>
    query.isAscending ? one.since - other.since : other.since - one.since,
  );
  const page = sorted.slice(query.offset, query.offset + query.limit);
  return new JsonGroup({
    tasks: taskList(
      page.map(({ task }) => task),
      fragments,
    ),
  });
}

function* tasksOf(
  { frameworks, completedFrameworks }: ClusterView,
  wantedId: string | null,
): Generator<Task> {
  for (const framework of [...frameworks, ...completedFrameworks]) {
    if (wantedId !== null && framework.id !== wantedId) continue;
    if ('tasks' in framework) yield* framework.tasks;
    yield* framework.unreachableTasks.values();
    yield* framework.completedTasks;
  }
}

/** A stable sort with pauses. */
function* sort<Item>(
  items: readonly Item[],
  compare: (one: Item, other: Item) => number,
): Generator<void, readonly Item[]> {
  let runs: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += RUN_LENGTH) {
    runs.push(items.slice(start, start + RUN_LENGTH).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: (readonly Item[])[] = [];
    for (let index = 0; index < runs.length; index += 2) {
      longer.push(yield* merge(runs[index] ?? [], runs[index + 1] ?? [], compare));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

function* merge<Item>(
  left: readonly Item[],
  right: readonly Item[],
  compare: (one: Item, other: Item) => number,
): Generator<void, readonly Item[]> {
  const merged: Item[] = [];
  let [fromLeft, fromRight] = [0, 0];
  for (;;) {
    const one = left[fromLeft];
    const other = right[fromRight];
    if (one !== undefined && (other === undefined || compare(one, other) <= 0)) {
      merged.push(one);
      fromLeft++;
    } else if (other !== undefined) {
      merged.push(other);
      fromRight++;
    } else return merged;
    if (merged.length % RUN_LENGTH === 0) yield;
  }
}
