import type { Random } from '../../runtime/random.ts';
import type { SchedulerCall } from '../../sdk/scheduler-connection.ts';
import type { Change } from '../../store/store.ts';
import type { JobsEffect, JobsTimer } from './effect.ts';
import {
  FRAMEWORK_KEY,
  type History,
  historyKey,
  type JobRecord,
  type JobsState,
  jobKey,
  type Run,
  runKey,
} from './state.ts';

/** One step of the core: changes the state, and notes what must become durable and what is to be done then. */
export class Turn {
  readonly state: JobsState;
  readonly random: Random;
  readonly nowMs: number;
  readonly effects: JobsEffect[] = [];
  readonly #changes = new Map<string, unknown>();

  constructor(state: JobsState, random: Random, nowMs: number) {
    this.state = state;
    this.random = random;
    this.nowMs = nowMs;
  }

  get changes(): Change[] {
    return [...this.#changes].map(([key, value]) => ({ key, value }));
  }

  setFrameworkId(id: string | undefined): void {
    if (this.state.frameworkId === id) return;
    this.state.frameworkId = id;
    this.#changes.set(FRAMEWORK_KEY, id === undefined ? undefined : { id });
  }

  setJob(id: string, record: JobRecord | undefined): void {
    this.#set(this.state.jobs, id, record);
    this.#changes.set(jobKey(id), record);
  }

  setHistory(id: string, history: History | undefined): void {
    this.#set(this.state.histories, id, history);
    this.#changes.set(historyKey(id), history);
  }

  setRun(run: Run): void {
    this.state.runs.set(run.id, run);
    this.#changes.set(runKey(run.id), run);
  }

  removeRun({ id }: Run): void {
    this.state.runs.delete(id);
    this.#changes.set(runKey(id), undefined);
  }

  call(call: SchedulerCall): void {
    this.effects.push({ type: 'call', call });
  }

  setTimer(timer: JobsTimer, delayMs: number): void {
    this.effects.push({ type: 'set-timer', timer, delayMs });
  }

  cancelTimer(timer: JobsTimer): void {
    this.effects.push({ type: 'cancel-timer', timer });
  }

  #set<Value>(map: Map<string, Value>, id: string, value: Value | undefined): void {
    if (value === undefined) map.delete(id);
    else map.set(id, value);
  }
}
