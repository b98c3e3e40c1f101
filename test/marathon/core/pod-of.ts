import type { PodContainer, PodDefinition } from '../../../src/marathon/definitions/pods/pod.ts';
import { EPOCH } from '../../../src/marathon/groups/root-group.ts';

/** A container that sleeps, and with what is given. */
export const containerOf = (given: Partial<PodContainer> & Pick<PodContainer, 'name'>): PodContainer => ({
  exec: { command: { shell: 'sleep 1000' } },
  resources: { cpus: 0.1, mem: 32, disk: 0, gpus: 0 },
  endpoints: [],
  environment: {},
  volumeMounts: [],
  artifacts: [],
  labels: {},
  ...given,
});

/** A pod with one container, complete, and with what is given. */
export const podOf = (given: Partial<PodDefinition> & Pick<PodDefinition, 'id'>): PodDefinition => ({
  labels: {},
  instances: 1,
  role: '*',
  constraints: [],
  backoffSeconds: 1,
  backoffFactor: 1.15,
  maxLaunchDelaySeconds: 300,
  upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
  killSelection: 'YOUNGEST_FIRST',
  unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
  version: EPOCH,
  versionInfo: { lastScalingAt: EPOCH, lastConfigChangeAt: EPOCH },
  containers: [containerOf({ name: 'one' })],
  volumes: [],
  networks: [{ mode: 'host', labels: {} }],
  environment: {},
  secrets: {},
  executorResources: { cpus: 0.1, mem: 32, disk: 10 },
  ...given,
});
