import { dirname, join } from 'node:path';
import type { AgentState, Run } from '../core/state.ts';
import { userOfRun } from './visible-state.ts';

/** A sandbox that files can be asked of. */
export interface AttachedSandbox {
  /** Its real path. */
  readonly folder: string;
  /** Whose it is. */
  readonly user: string | undefined;
}

/** By every name under which a sandbox can be asked for (mesos.md 3.11). */
export const attachedSandboxes = (state: AgentState): ReadonlyMap<string, AttachedSandbox> => {
  const names = new Map<string, AttachedSandbox>();
  for (const framework of state.frameworks.values()) {
    for (const run of [...framework.completedRuns, ...framework.runs.values()]) {
      attach(names, run, userOfRun(state, run));
    }
  }
  return names;
};

/** Later runs of an executor take over the names that say "latest". */
const attach = (names: Map<string, AttachedSandbox>, { record }: Run, user: string | undefined): void => {
  const { frameworkId, executorId, sandbox: folder } = record;
  const attached = { folder, user };
  names.set(folder, attached);
  names.set(join(dirname(folder), 'latest'), attached);
  names.set(`/frameworks/${frameworkId}/executors/${executorId}/runs/latest`, attached);
};
