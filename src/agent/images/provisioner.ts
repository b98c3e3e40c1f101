import type { Image } from '../../mesos/generated/mesos.ts';
import type { ImageConfig } from '../isolators/preparation-parts.ts';

/** The root folder of a container, made from an image, and how the image wants to be run. */
export interface ProvisionedImage {
  /** On the host; the container's alone, writable. */
  readonly rootfs: string;
  readonly config: ImageConfig;
}

export interface ProvisionOptions {
  readonly containerId: string;
  readonly image: Image;
  /** Ends what is under way for this container; what others share goes on. */
  readonly signal: AbortSignal;
  /** Told what takes time, in words for the sandbox's stderr, such as `Pulled layer 2 of 5`. */
  readonly onProgress?: (line: string) => void;
}

/** Makes root folders from images (mesos.md 6.5), and takes them back. */
export interface Provisioner {
  /**
   * Pulls the image unless it is stored, and gives the container a root folder. Asked again for the same container, it
   * starts over. Rejects with a message for people, and leaves nothing of the container behind.
   */
  provision(options: ProvisionOptions): Promise<ProvisionedImage>;
  /** How long pulls took, as Mesos publishes it (mesos.md 3.12). */
  metrics(): Record<string, number>;
  /** Takes a container's root folder back. Idempotent; also for containers of an earlier life of the agent. */
  release(containerId: string): Promise<void>;
  /** After a restart: takes over the root folders of these containers and removes all others. */
  recover(containerIds: readonly string[]): Promise<void>;
  /** Removes all images that no container uses, but the named ones (PRUNE_IMAGES). */
  prune(excluded: readonly string[]): Promise<void>;
  /** Stops what it does by itself and whatever is under way. */
  close(): void;
}
