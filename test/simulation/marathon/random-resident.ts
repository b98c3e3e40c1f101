import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import type { PersistentVolume } from '../../../src/marathon/definitions/container.ts';
import type { PodDefinition } from '../../../src/marathon/definitions/pods/pod.ts';
import type { RunSpec } from '../../../src/marathon/definitions/run-spec.ts';
import type { Random } from '../../../src/runtime/random.ts';
import { appOf } from '../../marathon/core/app-of.ts';
import { containerOf, podOf } from '../../marathon/core/pod-of.ts';
import { pickFrom, randomCount } from './random-app.ts';

/** Of what is reserved for them nothing may ever change, as the API sees to: only what else there is does. */
const PERSISTENT: PersistentVolume['persistent'] = { type: 'root', size: 20, constraints: [] };

export const RESIDENT_IDS = ['/data/app', '/data/pod'] as const;

/** An app or a pod with a volume that outlives its tasks. */
export const randomResident = (random: Random): RunSpec => {
  const id = pickFrom(random, RESIDENT_IDS);
  const common = {
    id,
    role: 'data',
    instances: randomCount(random),
    backoffSeconds: pickFrom(random, [0, 1, 5]),
    maxLaunchDelaySeconds: 10,
    upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
    unreachableStrategy: 'disabled' as const,
  };
  const salt = String(Math.floor(random.next() * 1e6));
  return id === '/data/app'
    ? residentApp({ ...common, env: { SALT: salt } })
    : residentPod({ ...common, environment: { SALT: salt } });
};

const residentApp = (given: Partial<AppDefinition> & { id: string }): AppDefinition =>
  appOf({
    cpus: 0.25,
    mem: 32,
    portDefinitions: [{ port: 10_000, protocol: 'tcp', labels: {} }],
    container: {
      type: 'MESOS',
      volumes: [{ containerPath: 'data', mode: 'RW', persistent: PERSISTENT }],
    },
    ...given,
  });

const residentPod = (given: Partial<PodDefinition> & { id: string }): PodDefinition =>
  podOf({
    volumes: [{ name: 'data', persistent: PERSISTENT }],
    containers: ['web', 'log'].map((name) =>
      containerOf({ name, volumeMounts: [{ name: 'data', mountPath: 'data' }] }),
    ),
    ...given,
  });
