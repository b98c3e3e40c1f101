import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource } from '../mesos/generated/mesos.ts';
import { parseResources } from '../mesos/resources/parse-text.ts';
import { withCheckpointed } from '../mesos/resources/with-checkpointed.ts';
import { openStore } from '../store/lmdb-store.ts';
import type { Store } from '../store/store.ts';
import type { AgentOptions } from './agent-options.ts';
import type { Closing } from './closing.ts';
import { loadCheckpointedResources, loadState } from './core/load.ts';
import { volumeFolder } from './core/mounts.ts';
import { volumesOf } from './core/operations.ts';
import type { AgentState } from './core/state.ts';
import { checkpointFolder } from './core/work-folder.ts';
import { gpuDevices } from './isolators/nvidia-devices.ts';
import { lockWorkFolder } from './processes/lock-file.ts';
import { detectResources } from './resources/detect-resources.ts';
import { removeForgottenVolumes } from './sandbox/volume-folders.ts';

export interface Checkpoint {
  /** The work folder's real path. */
  workDir: string;
  store: Store;
  state: AgentState;
  /** Resources without dynamic reservations and volumes. */
  initialResources: Resource[];
}

/** Takes possession of the work folder and reads back what earlier lives of the agent left there. */
export const openCheckpoint = (options: AgentOptions, closing: Closing): Checkpoint => {
  const given = parseResources(options.resources ?? '');
  mkdirSync(join(options.workDir, 'meta'), { recursive: true, mode: 0o755 });
  const workDir = realpathSync(options.workDir);
  closing.add(lockWorkFolder(join(workDir, 'meta', 'agent.lock')));
  const store = openStore(checkpointFolder(workDir));
  closing.add(() => store.close());
  const initialResources = detectResources(given, workDir, countGpus(options));
  const state = loadState(store, withCheckpointed(initialResources, loadCheckpointedResources(store)));
  removeForgottenVolumes(
    workDir,
    volumesOf(state).map((volume) => volumeFolder(workDir, volume)),
  );
  return { workDir, store, state, initialResources };
};

/** None unless containers can be given them. */
const countGpus = ({ isolation = '', isolatorFlags = {} }: AgentOptions): number =>
  isolation.split(',').includes('gpu/nvidia')
    ? gpuDevices(isolatorFlags.nvidia_device_folder ?? '/dev', isolatorFlags.nvidia_gpu_devices).length
    : 0;
