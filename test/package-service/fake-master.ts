import { onTestFinished } from 'vitest';
import { readJson } from '../../src/http/body.ts';
import { HttpError } from '../../src/http/http-error.ts';
import { send, sendJson } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import type { Call } from '../../src/mesos/generated/master.ts';
import type { Resource } from '../../src/mesos/generated/mesos.ts';
import { silentLog } from '../../src/runtime/log.ts';

export interface FakeFramework {
  id: string;
  name: string;
  roles: string[];
  active: boolean;
  principal?: string;
}

export interface FakeMaster {
  url: string;
  port: number;
  frameworks: FakeFramework[];
  completed: FakeFramework[];
  /** Reserved resources by agent and role, as /slaves shows them. */
  reserved: Record<string, Record<string, Resource[]>>;
  /** Types of the operator calls that were made. */
  calls: string[];
  /** So many volume calls are refused as tasks still use them. */
  busyFor: number;
  close(): Promise<void>;
  /** Listens on the same port again. */
  reopen(): Promise<void>;
}

const sameResource = (a: Resource, b: Resource): boolean =>
  a.name === b.name &&
  a.scalar?.value === b.scalar?.value &&
  a.disk?.persistence?.id === b.disk?.persistence?.id;

/** As much of a master as the package service uses; it changes its state as the calls say. */
export const startFakeMaster = async (): Promise<FakeMaster> => {
  const master: FakeMaster = {
    url: '',
    port: 0,
    frameworks: [],
    completed: [],
    reserved: {},
    calls: [],
    busyFor: 0,
    close: () => server.close(),
    reopen: async () => {
      server = await listen(master.port);
    },
  };
  const handle = (call: Call): number => {
    master.calls.push(call.type ?? '');
    switch (call.type) {
      case 'TEARDOWN':
        return tearDown(master, call.teardown?.framework_id.value ?? '');
      case 'DESTROY_VOLUMES':
        if (master.busyFor-- > 0) throw new HttpError(409, 'Invalid DESTROY operation: volumes are in use');
        return operate(
          master,
          call.destroy_volumes?.agent_id.value,
          call.destroy_volumes?.volumes,
          (volume) => [{ ...volume, disk: {} }],
        );
      case 'UNRESERVE_RESOURCES':
        return operate(
          master,
          call.unreserve_resources?.agent_id.value,
          call.unreserve_resources?.resources,
          () => [],
        );
      default:
        throw new HttpError(400, `Unexpected call ${call.type}`);
    }
  };
  const router = new Router()
    .on('GET', '/frameworks', ({ response }) =>
      sendJson(response, 200, { frameworks: master.frameworks, completed_frameworks: master.completed }),
    )
    .on('GET', '/slaves', ({ response }) =>
      sendJson(response, 200, {
        slaves: Object.entries(master.reserved).map(([id, reserved_resources_full]) => ({
          id,
          reserved_resources_full,
        })),
      }),
    )
    .on('POST', '/api/v1', async ({ request, response }) =>
      send(response, handle((await readJson(request)) as Call)),
    );
  const listen = (port: number): Promise<HttpServer> => startServer({ router, log: silentLog, port });
  let server = await listen(0);
  master.url = server.url;
  master.port = server.port;
  onTestFinished(() => server.close());
  return master;
};

const tearDown = (master: FakeMaster, id: string): number => {
  const framework = master.frameworks.find((candidate) => candidate.id === id);
  if (!framework) throw new HttpError(400, 'No framework found with specified ID');
  master.frameworks = master.frameworks.filter((candidate) => candidate !== framework);
  master.completed.push({ ...framework, active: false });
  return 200;
};

/** Refuses what a real master refuses: both forms of a reservation at once, and what the agent does not have. */
const operate = (
  master: FakeMaster,
  agentId: string | undefined,
  resources: readonly Resource[] | undefined,
  change: (resource: Resource) => Resource[],
): number => {
  const roles = master.reserved[agentId ?? ''] ?? {};
  for (const resource of resources ?? []) {
    if (resource.role !== undefined || resource.reservation !== undefined) {
      throw new HttpError(400, "'Resource.role' must not be set with 'Resource.reservations'");
    }
    const role = resource.reservations?.at(-1)?.role ?? '';
    const present = roles[role] ?? [];
    const index = present.findIndex((candidate) => sameResource(candidate, resource));
    const found = present[index];
    if (!found) throw new HttpError(409, `Agent ${agentId} does not contain the resource`);
    const isVolume = resource.disk?.persistence !== undefined;
    if (isVolume && change(found).length === 0) throw new HttpError(409, 'cannot unreserve a volume');
    roles[role] = present.toSpliced(index, 1, ...change(found));
    if (roles[role].length === 0) delete roles[role];
  }
  return 202;
};

/** A reserved resource as /slaves shows it: in the older and the newer form at once. */
export const reservedResource = (
  role: string,
  name: string,
  value: number,
  {
    type = 'DYNAMIC',
    volume,
    principal,
  }: { type?: 'DYNAMIC' | 'STATIC'; volume?: string; principal?: string } = {},
): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  role,
  ...(type === 'DYNAMIC' ? { reservation: {} } : {}),
  reservations: [{ type, role, ...(principal === undefined ? {} : { principal }) }],
  ...(volume === undefined
    ? {}
    : { disk: { persistence: { id: volume }, volume: { mode: 'RW', container_path: 'data' } } }),
});
