import { dirname, join } from 'node:path';
import type { AgentState, Run } from '../core/state.ts';

/** Every name under which a sandbox can be asked for, and its real path (mesos.md 3.11). */
export const attachedSandboxes = (state: AgentState): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  for (const framework of state.frameworks.values()) {
    for (const run of [...framework.completedRuns, ...framework.runs.values()]) attach(names, run);
  }
  return names;
};

/** Later runs of an executor take over the names that say "latest". */
const attach = (names: Map<string, string>, { record }: Run): void => {
  const { frameworkId, executorId, sandbox } = record;
  names.set(sandbox, sandbox);
  names.set(join(dirname(sandbox), 'latest'), sandbox);
  names.set(`/frameworks/${frameworkId}/executors/${executorId}/runs/latest`, sandbox);
};
