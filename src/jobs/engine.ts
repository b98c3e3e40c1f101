import type { JobChange } from './core/effect.ts';
import type { History, JobRecord, Run } from './core/state.ts';

/** The job service as its API sees it. */
export interface JobsEngine {
  jobs(): readonly JobRecord[];
  job(id: string): JobRecord | undefined;
  history(jobId: string): History;
  /** Runs that are under way, oldest first. */
  runs(jobId: string): readonly Run[];
  run(id: string): Run | undefined;
  /** Every run that is under way, oldest first. */
  allRuns(): readonly Run[];
  /** Whether the master has taken it as a framework, and is heard. */
  isConnected(): boolean;
  /** All runs that wait to be launched, oldest first. */
  waiting(): readonly Run[];
  /** Resolves once the change is durable, for `start-run` with the run's id. Throws Refusal. */
  change(change: JobChange): Promise<string | undefined>;
}
