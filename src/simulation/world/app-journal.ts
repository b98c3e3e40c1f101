import type { Instance } from '../../marathon/core/instance.ts';
import type { TaskStatus } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import type { Tally } from '../report/ledger.ts';
import type { World } from './world.ts';

interface Running {
  readonly appId: string;
  readonly hostname: string;
}

/** Follows what the master tells about the tasks of apps: which had to leave their agents, and which took their places. */
export class AppJournal {
  readonly #world: World;
  readonly #tallyOf: (appId: string) => Tally;
  readonly #running = new Map<string, Running>();
  /** Lost and not replaced, by app: where they were, by task. */
  readonly #displaced = new Map<string, Map<string, string>>();

  /** Since when instances of an app waited when offers came last, on the world's clock. */
  readonly #waitingSinceMs = new Map<string, number>();

  constructor(world: World, tallyOf: (appId: string) => Tally) {
    this.#world = world;
    this.#tallyOf = tallyOf;
  }

  /** Before Marathon itself hears of it; `instance` is the one of the task, as long as it has one. */
  note(appId: string, status: TaskStatus, instance: Instance | undefined): void {
    const taskId = status.task_id.value;
    if (status.state === 'TASK_RUNNING') this.#runs(appId, taskId, instance);
    else if (isTerminal(status.state) || status.state === 'TASK_UNREACHABLE')
      this.#ends(appId, status, instance);
  }

  noteQueue(queue: ReadonlyMap<string, { readonly sinceMs: number }>): void {
    for (const [appId, { sinceMs }] of queue) this.#waitingSinceMs.set(appId, sinceMs);
  }

  displaced(): ReadonlyMap<string, readonly string[]> {
    return new Map([...this.#displaced].map(([appId, tasks]) => [appId, [...tasks.values()]]));
  }

  #runs(appId: string, taskId: string, instance: Instance | undefined): void {
    // One that was unreachable is back: nothing took its place, or that will be ended again.
    this.#displaced.get(appId)?.delete(taskId);
    if (this.#running.has(taskId) || instance?.agent === undefined) return;
    const { hostname } = instance.agent;
    this.#running.set(taskId, { appId, hostname });
    const tally = this.#tallyOf(appId);
    tally.started++;
    const { ledger } = this.#world;
    const atMs = this.#world.elapsedMs();
    const sinceMs = this.#waitingSinceMs.get(appId);
    if (sinceMs !== undefined) ledger.latency.add(this.#world.clock.now() - sinceMs);
    const [lost] = this.#displaced.get(appId) ?? [];
    if (!lost) return;
    const [lostId, from] = lost;
    this.#displaced.get(appId)?.delete(lostId);
    tally.moved++;
    ledger.noteMove({ atMs, framework: tally.framework, app: appId, taskId: lostId, from, to: hostname });
  }

  #ends(appId: string, { task_id, state }: TaskStatus, instance: Instance | undefined): void {
    const running = this.#running.get(task_id.value);
    if (!running) return;
    this.#running.delete(task_id.value);
    const tally = this.#tallyOf(appId);
    if (state === 'TASK_FINISHED') tally.finished++;
    else if (state === 'TASK_FAILED' || state === 'TASK_ERROR') tally.failed++;
    else if (state === 'TASK_KILLED') tally.killed++;
    else tally.lost++;
    // What was not wanted any more has no place to find.
    if (state === 'TASK_FINISHED' || instance === undefined || instance.goal !== 'Running') return;
    const displaced = this.#displaced.get(appId) ?? new Map<string, string>();
    this.#displaced.set(appId, displaced.set(task_id.value, running.hostname));
  }
}
