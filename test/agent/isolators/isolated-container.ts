import type { ContainerConfig } from '../../../src/agent/isolators/isolator.ts';
import type { Resource } from '../../../src/mesos/generated/mesos.ts';

export const scalar = (name: string, value: number): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
});

/** A container as isolators are told of it. */
export const containerOf = (id: string, more: Partial<ContainerConfig> = {}): ContainerConfig => ({
  id,
  parentId: undefined,
  limitedAs: id,
  frameworkId: 'fw',
  executorId: 'e',
  taskId: 't',
  sandbox: '/sandbox',
  parentSandbox: undefined,
  command: {},
  environment: {},
  user: undefined,
  mounts: [],
  network: undefined,
  container: undefined,
  resources: [scalar('cpus', 0.5), scalar('mem', 64)],
  limits: {},
  rootfs: undefined,
  image: undefined,
  ...more,
});
