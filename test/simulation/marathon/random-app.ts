import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import type { Constraint } from '../../../src/marathon/definitions/constraint.ts';
import type { HealthCheck, ReadinessCheck } from '../../../src/marathon/definitions/health.ts';
import type { PortDefinition } from '../../../src/marathon/definitions/network.ts';
import type { Random } from '../../../src/runtime/random.ts';
import { appOf } from '../../marathon/core/app-of.ts';

/** More than any agent has. */
const TOO_MANY_CPUS = 64;
const MOST_INSTANCES = 6;

export const STRATEGIES: readonly AppDefinition['upgradeStrategy'][] = [
  { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
  { minimumHealthCapacity: 1, maximumOverCapacity: 0 },
  { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
  { minimumHealthCapacity: 0.5, maximumOverCapacity: 0.5 },
  { minimumHealthCapacity: 0, maximumOverCapacity: 0 },
  {
    minimumHealthCapacity: 1,
    maximumOverCapacity: 0.5,
    canary: { steps: [{ instances: 1, pauseSeconds: 20 }, { percent: 50 }] },
  },
  {
    minimumHealthCapacity: 0.5,
    maximumOverCapacity: 0,
    canary: { steps: [{ percent: 30, untilContinued: true }] },
  },
  { minimumHealthCapacity: 1, maximumOverCapacity: 1, blueGreen: { pauseSeconds: 30 } },
];

export const CONSTRAINTS: readonly (readonly Constraint[])[] = [
  [],
  [],
  [],
  [['hostname', 'UNIQUE']],
  [['hostname', 'MAX_PER', '2']],
  [['rack', 'CLUSTER']],
  [['rack', 'CLUSTER', 'r1']],
  [['rack', 'GROUP_BY', '2']],
  [['rack', 'LIKE', 'r[01]']],
  [['hostname', 'UNLIKE', 'host-0']],
  [
    ['rack', 'GROUP_BY'],
    ['hostname', 'MAX_PER', '2'],
  ],
];

export const UNREACHABLE_STRATEGIES: readonly AppDefinition['unreachableStrategy'][] = [
  { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
  { inactiveAfterSeconds: 20, expungeAfterSeconds: 60 },
  { inactiveAfterSeconds: 300, expungeAfterSeconds: 3600 },
  'disabled',
];

const HEALTH_CHECK: HealthCheck = {
  protocol: 'HTTP',
  path: '/',
  portIndex: 0,
  gracePeriodSeconds: 10,
  intervalSeconds: 5,
  timeoutSeconds: 2,
  maxConsecutiveFailures: 2,
  delaySeconds: 5,
  ignoreHttp1xx: false,
  ipProtocol: 'IPv4',
};

const READINESS_CHECK: ReadinessCheck = {
  name: 'ready',
  protocol: 'HTTP',
  path: '/',
  portName: 'port-0',
  intervalSeconds: 3,
  timeoutSeconds: 2,
  httpStatusCodesForReady: [200],
  preserveLastResponse: false,
};

export const pickFrom = <Item>(random: Random, items: readonly Item[]): Item => {
  const item = items[Math.floor(random.next() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from');
  return item;
};

export const randomCount = (random: Random): number => Math.floor(random.next() * (MOST_INSTANCES + 1));

/** An app of any kind: some cannot be placed whole, and a few not at all. */
export const randomApp = (random: Random, id: string, dependencies: readonly string[]): AppDefinition => {
  const chance = (probability: number): boolean => random.next() < probability;
  const portCount = Math.floor(random.next() * 3);
  const isChecked = portCount > 0 && chance(0.5);
  return appOf({
    id,
    cmd: `sleep ${Math.floor(random.next() * 1e6)}`,
    cpus: chance(0.03) ? TOO_MANY_CPUS : pickFrom(random, [0.25, 0.5, 1]),
    mem: 32,
    instances: randomCount(random),
    constraints: pickFrom(random, CONSTRAINTS),
    dependencies,
    portDefinitions: Array.from({ length: portCount }, (_, index) => portDefinition(id, index)),
    healthChecks: isChecked ? [HEALTH_CHECK] : [],
    readinessChecks: isChecked && chance(0.5) ? [READINESS_CHECK] : [],
    backoffSeconds: pickFrom(random, [0, 1, 5]),
    maxLaunchDelaySeconds: pickFrom(random, [10, 60]),
    killSelection: pickFrom(random, ['YOUNGEST_FIRST', 'OLDEST_FIRST']),
    upgradeStrategy: pickFrom(random, STRATEGIES),
    unreachableStrategy: pickFrom(random, UNREACHABLE_STRATEGIES),
  });
};

/** Service ports differ from app to app, and stay. */
const portDefinition = (id: string, index: number): PortDefinition => ({
  port: 10_000 + ([...id].reduce((sum, letter) => sum * 7 + letter.charCodeAt(0), 0) % 9_000) + index,
  protocol: 'tcp',
  name: `port-${index}`,
  labels: {},
});
