import type { ShownApp } from '../../src/router/marathon-app.ts';
import type { RoutingRules } from '../../src/router/plan-routes.ts';

/** A running app with one task per host port; what matters to a test is given. */
export const shownApp = ({
  hostPorts = [31_000],
  ...app
}: Partial<ShownApp> & { hostPorts?: number[] } = {}): ShownApp => ({
  id: '/web',
  instances: hostPorts.length,
  labels: { HAPROXY_GROUP: 'external' },
  networks: [{ mode: 'host' }],
  portDefinitions: [{ port: 10_000 }],
  healthChecks: [],
  tasks: hostPorts.map((port, index) => ({
    id: `web.${index + 1}`,
    host: '127.0.0.1',
    state: 'TASK_RUNNING',
    ports: [port],
  })),
  ...app,
});

export const RULES: RoutingRules = {
  groups: ['external'],
  isHealthDemanded: true,
  isStrict: false,
  areTemplatesAllowed: false,
  reservedPorts: new Set([8880]),
  madeUpPorts: { first: 20_000, last: 20_003 },
};
