import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';

const VERSION = '2026-01-01T00:00:00.000Z';

/** An app with all defaults filled in, as the definitions hand them to the engine. */
export const appOf = (given: Partial<AppDefinition> & { id: string }): AppDefinition => ({
  cmd: 'sleep 600',
  env: {},
  labels: {},
  instances: 1,
  cpus: 1,
  mem: 128,
  disk: 0,
  gpus: 0,
  executor: '',
  role: '*',
  constraints: [],
  networks: [{ mode: 'host', labels: {} }],
  portDefinitions: [],
  requirePorts: false,
  fetch: [],
  healthChecks: [],
  readinessChecks: [],
  dependencies: [],
  backoffSeconds: 1,
  backoffFactor: 1.15,
  maxLaunchDelaySeconds: 300,
  upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
  killSelection: 'YOUNGEST_FIRST',
  unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
  secrets: {},
  version: VERSION,
  versionInfo: { lastScalingAt: VERSION, lastConfigChangeAt: VERSION },
  ...given,
});
