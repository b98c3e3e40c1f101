import { join } from 'node:path';

/** Which run of which executor a sandbox belongs to. */
export interface RunPlace {
  agentId: string;
  frameworkId: string;
  executorId: string;
  runId: string;
}

/** The sandbox of a run, in the layout that Mesos' clients know (mesos.md 6.1). */
export const runFolder = (workDir: string, place: RunPlace): string =>
  join(runsFolder(workDir, place), place.runId);

/** Where the runs of an executor lie, and the link to the latest one. */
export const runsFolder = (workDir: string, { agentId, frameworkId, executorId }: RunPlace): string =>
  join(workDir, 'slaves', agentId, 'frameworks', frameworkId, 'executors', executorId, 'runs');

/** Where the agent keeps its checkpoint. */
export const checkpointFolder = (workDir: string): string => join(workDir, 'meta', 'checkpoint');

/** Where the waiting shells leave what became of their commands. */
export const exitsFolder = (workDir: string): string => join(workDir, 'meta', 'exits');

/** Where the launcher has its pipes. */
export const launchFolder = (workDir: string): string => join(workDir, 'meta', 'launch');

/** Where it is noted which networks containers are attached to. */
export const networksFolder = (workDir: string): string => join(workDir, 'meta', 'networks');

/** Where it is noted which containers use which external volumes. */
export const volumeUsesFolder = (workDir: string): string => join(workDir, 'meta', 'volumes');

/** Where it is noted which containers have which graphics processors. */
export const gpusFolder = (workDir: string): string => join(workDir, 'meta', 'gpus');

/** Where containers have the secrets that they are given as files. */
export const secretsFolder = (workDir: string): string => join(workDir, 'meta', 'secrets');

/** Where executors have the IPC that their containers share. */
export const ipcFolder = (workDir: string): string => join(workDir, 'meta', 'ipc');

/** Where sessions have what they need while they start, and leave how they ended. */
export const sessionsFolder = (workDir: string): string => join(workDir, 'meta', 'sessions');

const LONGEST_NAME_BYTES = 255;

/** Whether an id can be the name of a folder without leading anywhere else. */
export const isSafeName = (name: string): boolean =>
  name !== '' &&
  name !== '.' &&
  name !== '..' &&
  !/[/\0]/.test(name) &&
  Buffer.byteLength(name) <= LONGEST_NAME_BYTES;
