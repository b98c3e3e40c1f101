import type { VolumeInput } from './app-input.ts';

type PersistentInput = NonNullable<VolumeInput['persistent']>;

/** A persistent volume with the type of its disk: a profile stands for disks that are mounted (marathon.md 2.3.1). */
export const completePersistent = (persistent: PersistentInput): PersistentInput => ({
  type: persistent.profileName === undefined ? 'root' : 'mount',
  ...persistent,
});
