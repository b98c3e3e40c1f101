import { isPersistentVolume, type PersistentVolume } from '../../definitions/container.ts';
import { safePath } from '../../definitions/path-id.ts';
import { isPod, type RunSpec } from '../../definitions/run-spec.ts';

/** A volume that an instance has to have before its first task (marathon.md 2.3.1). */
export interface VolumeNeed {
  /** What it is known by in the definition: the container path in an app, the volume's name in a pod. */
  readonly name: string;
  /** Below the sandbox of the task, or of the pod's executor. */
  readonly containerPath: string;
  readonly mode: 'RO' | 'RW';
  readonly persistent: PersistentVolume['persistent'];
}

/** The persistent volumes of an instance, in the order of the definition. */
export const volumeNeedsOf = (spec: RunSpec): VolumeNeed[] =>
  isPod(spec)
    ? spec.volumes.flatMap(({ name, persistent }) =>
        persistent === undefined ? [] : [{ name, containerPath: name, mode: 'RW' as const, persistent }],
      )
    : (spec.container?.volumes ?? [])
        .filter(isPersistentVolume)
        .map(({ containerPath, mode, persistent }) => ({
          name: containerPath,
          containerPath,
          mode,
          persistent,
        }));

/** `<safe path>#<name>#<uuid>` (marathon.md 3.19). */
export const persistenceIdOf = (spec: RunSpec, name: string, uuid: string): string =>
  `${safePath(spec.id)}#${name}#${uuid}`;

/** The last part of a persistence id. */
export const uuidOfVolume = (persistenceId: string): string =>
  persistenceId.slice(persistenceId.lastIndexOf('#') + 1);
