import { expect, it } from 'vitest';
import type { Resource } from '../../src/mesos/generated/mesos.ts';
import { findTraces } from '../../src/sdk/service/discover.ts';
import { type Reserver, reservedFor } from '../../src/sdk/service/reservation.ts';
import type { ServiceSpec } from '../../src/sdk/service/spec.ts';

const SPEC: ServiceSpec = {
  name: 'db',
  role: 'db-role',
  principal: undefined,
  user: 'me',
  failoverTimeoutSeconds: 60,
  pods: [],
  plan: { name: 'deploy', strategy: 'serial', phases: [] },
  endpoints: {},
};

const reserver = (frameworkId: string, service = 'db'): Reserver => ({
  service,
  role: 'db-role',
  principal: undefined,
  frameworkId,
});

const ports = (port: number): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: [{ begin: port, end: port }] },
});

const cpus: Resource = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } };

const slave = (id: string, resources: Resource[]) => ({
  id,
  hostname: `${id}.example`,
  attributes: { rack: 'r1' },
  reserved_resources_full: { 'db-role': resources },
});

it('finds nothing in a cluster that does not know the service', () => {
  const traces = findTraces(SPEC, {
    frameworks: { frameworks: [{ id: 'f1', name: 'other', roles: ['db-role'] }] },
    slaves: { slaves: [slave('S0', [reservedFor(reserver('f1', 'other'), cpus, { instance: 'x-0' })])] },
  });
  expect(traces).toEqual({ frameworkIds: [], instances: new Map() });
});

it('finds the places of instances, and their ports', () => {
  const { instances } = findTraces(SPEC, {
    frameworks: {},
    slaves: {
      slaves: [
        slave('S0', [
          reservedFor(reserver('f1'), cpus, { instance: 'data-0' }),
          reservedFor(reserver('f1'), ports(4000), { instance: 'data-0', port: 'node.rpc' }),
          reservedFor(reserver('f1'), ports(4001), { instance: 'data-0', port: 'node.http' }),
        ]),
        slave('S1', [reservedFor(reserver('f1'), cpus, { instance: 'data-1' })]),
      ],
    },
  });
  expect([...instances]).toEqual([
    [
      'data-0',
      {
        agentId: 'S0',
        hostname: 'S0.example',
        attributes: { rack: 'r1' },
        ports: { 'node.rpc': 4000, 'node.http': 4001 },
        isConfirmed: true,
      },
    ],
    ['data-1', expect.objectContaining({ agentId: 'S1', ports: {} })],
  ]);
});

it('prefers the framework that the master knows, then the one that most reservations name', () => {
  const slaves = {
    slaves: [
      slave('S0', [
        reservedFor(reserver('older'), cpus, { instance: 'data-0' }),
        reservedFor(reserver('newer'), cpus, { instance: 'data-1' }),
        reservedFor(reserver('newer'), cpus, { instance: 'data-2' }),
      ]),
    ],
  };
  expect(findTraces(SPEC, { frameworks: {}, slaves }).frameworkIds).toEqual(['newer', 'older']);
  const known = { frameworks: [{ id: 'known', name: 'db', roles: ['db-role'] }] };
  expect(findTraces(SPEC, { frameworks: known, slaves }).frameworkIds).toEqual(['known', 'newer', 'older']);
  const completed = { completed_frameworks: [{ id: 'newer', name: 'db', roles: ['db-role'] }] };
  expect(findTraces(SPEC, { frameworks: completed, slaves }).frameworkIds).toEqual(['older']);
});
