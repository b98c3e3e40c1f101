import type { ContainerPlan } from '../core/effect.ts';
import type { ProvisionedImage } from '../images/provisioner.ts';
import type { ContainerConfig } from '../isolators/isolator.ts';

/** What isolators are told of a container. */
export const configOf = (plan: ContainerPlan, image: ProvisionedImage | undefined): ContainerConfig => ({
  ...plan,
  rootfs: image?.rootfs,
  image: image?.config,
});

/** Where a container with a root folder of its own finds its sandbox (--sandbox_directory). */
export const SANDBOX_IN_CONTAINER = '/mnt/mesos/sandbox';
