import type {
  PodContainer,
  PodDefinition,
  PodHealthCheck,
} from '../../../src/marathon/definitions/pods/pod.ts';
import type { Random } from '../../../src/runtime/random.ts';
import { containerOf, podOf } from '../../marathon/core/pod-of.ts';
import { CONSTRAINTS, pickFrom, randomCount, STRATEGIES, UNREACHABLE_STRATEGIES } from './random-app.ts';

const NAMES = ['web', 'log', 'instance-1'];

const HEALTH_CHECK: PodHealthCheck = {
  exec: { command: { shell: 'true' } },
  gracePeriodSeconds: 10,
  intervalSeconds: 5,
  timeoutSeconds: 2,
  maxConsecutiveFailures: 2,
  delaySeconds: 5,
};

/** A pod of one to three containers, some with ports, some with checks. */
export const randomPod = (random: Random, id: string): PodDefinition =>
  podOf({
    id,
    environment: { SALT: String(Math.floor(random.next() * 1e6)) },
    instances: randomCount(random),
    constraints: pickFrom(random, CONSTRAINTS),
    containers: NAMES.slice(0, 1 + Math.floor(random.next() * NAMES.length)).map((name) =>
      randomContainer(random, name),
    ),
    backoffSeconds: pickFrom(random, [0, 1, 5]),
    maxLaunchDelaySeconds: pickFrom(random, [10, 60]),
    killSelection: pickFrom(random, ['YOUNGEST_FIRST', 'OLDEST_FIRST']),
    upgradeStrategy: pickFrom(random, STRATEGIES),
    unreachableStrategy: pickFrom(random, UNREACHABLE_STRATEGIES),
  });

const randomContainer = (random: Random, name: string): PodContainer =>
  containerOf({
    name,
    resources: { cpus: pickFrom(random, [0.1, 0.25, 0.5]), mem: 32, disk: 0, gpus: 0 },
    endpoints:
      random.next() < 0.5
        ? [{ name: `${name}-port`, hostPort: 0, protocol: ['tcp'], labels: {}, networkNames: [] }]
        : [],
    ...(random.next() < 0.4 ? { healthCheck: HEALTH_CHECK } : {}),
  });
