import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/clients/api-error.ts';
import type { MarathonClient } from '../../src/clients/marathon-client.ts';
import type { MesosClient } from '../../src/clients/mesos-client.ts';
import type { MesosFramework, MesosSlave } from '../../src/clients/mesos-types.ts';
import type { Resource } from '../../src/mesos/generated/mesos.ts';
import { carryOut } from '../../src/packages/uninstall/carry-out.ts';
import type { UninstallRecord } from '../../src/packages/uninstall/uninstall-record.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { reservedResource } from './fake-master.ts';

/** The power goes: nothing after it happens, and only what was saved is left. */
class PowerCut extends Error {}

const RECORD: UninstallRecord = {
  id: 'u1',
  packageName: 'store',
  appId: '/store',
  frameworkName: 'store',
  frameworkIds: [],
  roles: [],
  state: 'UNDER_WAY',
  phase: 'STOPPING_APP',
  startedAtMs: 0,
};

const frameworkOf = (id: string, name: string, role: string): MesosFramework => ({
  id,
  name,
  hostname: 'h',
  active: true,
  connected: true,
  roles: [role],
  used_resources: {},
});

const byRole = (resources: readonly Resource[]): Record<string, Resource[]> => {
  const roles: Record<string, Resource[]> = {};
  for (const resource of resources) {
    const role = resource.role ?? '*';
    roles[role] = [...(roles[role] ?? []), resource];
  }
  return roles;
};

const refused = (status: number): ApiError =>
  new ApiError({
    kind: 'refused',
    api: 'Mesos',
    message: 'refused',
    method: 'POST',
    url: 'http://m',
    status,
  });

/** A cluster in memory, in which any call may fail before it is done, or after it, or be the last before the power goes. */
const createWorld = (seed: number) => {
  const random = seededRandom(seed);
  const clock = new VirtualClock();
  const world = {
    hasApp: true,
    // A scheduler that is torn down while it runs registers again under another id.
    schedulerEndsAt: random.next() * 3_000,
    frameworks: [frameworkOf('F1', 'store', 'store-role'), frameworkOf('F2', 'other', 'other-role')],
    completed: [] as MesosFramework[],
    reserved: {
      A1: [
        reservedResource('store-role', 'cpus', 1),
        reservedResource('store-role', 'disk', 9, { volume: 'v' }),
        reservedResource('other-role', 'cpus', 1),
      ],
      A2: [reservedResource('store-role', 'disk', 9, { volume: 'w' })],
    } as Record<string, Resource[]>,
    saved: RECORD,
  };
  const now = (): number => clock.now() - Date.UTC(2026, 0, 1);
  const call = async <T>(act: () => T): Promise<T> => {
    const fate = random.next();
    if (fate < 0.05) throw new PowerCut();
    if (fate < 0.15) throw refused(503);
    const result = act();
    if (random.next() < 0.1) throw random.next() < 0.5 ? new PowerCut() : refused(503);
    return result;
  };
  const reregister = (): void => {
    const isRunning = now() < world.schedulerEndsAt;
    if (isRunning && !world.frameworks.some(({ name }) => name === 'store')) {
      world.frameworks.push(frameworkOf(`F${Math.floor(random.next() * 1e9)}`, 'store', 'store-role'));
    }
  };
  const operate = (
    agentId: string,
    resources: readonly Resource[],
    change: (resource: Resource) => Resource[],
  ) => {
    if (random.next() < 0.2) throw refused(409);
    world.reserved[agentId] = (world.reserved[agentId] ?? []).flatMap((resource) =>
      resources.some(
        ({ name, reservations }) =>
          name === resource.name && reservations?.[0]?.role === resource.reservations?.[0]?.role,
      )
        ? change(resource)
        : [resource],
    );
  };
  const marathon: Partial<MarathonClient> = {
    deleteApp: () =>
      call(() => {
        if (!world.hasApp) throw refused(404);
        world.hasApp = false;
        return { version: 'v', deploymentId: 'd' };
      }),
    getDeployments: () =>
      call(() =>
        now() < world.schedulerEndsAt
          ? [
              {
                id: 'd',
                version: 'v',
                affectedApps: ['/store'],
                affectedPods: [],
                steps: [],
                currentActions: [],
                currentStep: 1,
                totalSteps: 1,
              },
            ]
          : [],
      ),
  };
  const mesos: Partial<MesosClient> = {
    getFrameworks: () =>
      call(() => ({ frameworks: world.frameworks, completed_frameworks: world.completed })),
    getSlaves: () =>
      call(() =>
        Object.entries(world.reserved).map(
          ([id, resources]) =>
            ({
              id,
              reserved_resources_full: byRole(resources),
            }) as unknown as MesosSlave,
        ),
      ),
    teardown: (id) =>
      call(() => {
        if (!world.frameworks.some((framework) => framework.id === id)) throw refused(400);
        // A master forgets completed frameworks, sooner or later.
        if (random.next() < 0.5)
          world.completed = world.frameworks.filter((framework) => framework.id === id);
        world.frameworks = world.frameworks.filter((framework) => framework.id !== id);
        reregister();
      }),
    destroyVolumes: (agentId, volumes) =>
      call(() => operate(agentId, volumes, ({ disk: _disk, ...resource }) => [resource])),
    unreserveResources: (agentId, resources) => call(() => operate(agentId, resources, () => [])),
  };
  const tools = {
    marathon: marathon as MarathonClient,
    mesos: mesos as MesosClient,
    clock,
    pause: async (delayMs: number) => clock.advance(delayMs),
    save: async (record: UninstallRecord) => {
      if (random.next() < 0.05) throw new PowerCut();
      world.saved = record;
    },
  };
  return { world, tools };
};

describe('an uninstallation', () => {
  it('comes to its end wherever it is cut short, and takes nothing of others', async () => {
    for (let seed = 1; seed <= 500; seed++) {
      const { world, tools } = createWorld(seed);
      const attempts = 500;
      let isDone = false;
      for (let attempt = 0; attempt < attempts && !isDone; attempt++) {
        isDone = await carryOut(world.saved, tools).then(
          () => true,
          () => false,
        );
        tools.clock.advance(100);
      }
      expect({ seed, isDone, hasApp: world.hasApp }).toEqual({ seed, isDone: true, hasApp: false });
      expect(world.frameworks.map(({ name }) => name)).toEqual(['other']);
      expect({ seed, reserved: world.reserved }).toEqual({
        seed,
        reserved: { A1: [reservedResource('other-role', 'cpus', 1)], A2: [] },
      });
    }
  });
});
