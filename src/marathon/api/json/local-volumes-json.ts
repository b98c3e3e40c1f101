import type { ReservedVolume } from '../../core/instance.ts';
import { uuidOfVolume } from '../../core/resident/volume-need.ts';
import type { RunSpecId } from '../../definitions/path-id.ts';

/** The persistent volumes of an instance (marathon.md 1.7). */
export const localVolumesJson = (runSpecId: RunSpecId, volumes: readonly ReservedVolume[]): object[] =>
  volumes.map(({ name, persistenceId }) => ({
    runSpecId,
    containerPath: name,
    uuid: uuidOfVolume(persistenceId),
    persistenceId,
  }));
