import { describe, expect, it } from 'vitest';
import { appJson } from '../../../src/marathon/api/json/app-json.ts';
import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import { emptyRootGroup, putApp, putGroup } from '../../../src/marathon/groups/root-group.ts';
import { acceptApp, VERSION } from './accept-app.ts';

const app = { id: '/a', cmd: 'sleep 1' };

describe('a minimal app', () => {
  it('has every default filled in, and its JSON leaves out what is empty', async () => {
    expect(appJson(await acceptApp({ id: 'demo/hello', cmd: 'sleep 600' }))).toEqual({
      id: '/demo/hello',
      cmd: 'sleep 600',
      backoffFactor: 1.15,
      backoffSeconds: 1,
      maxLaunchDelaySeconds: 300,
      cpus: 1,
      mem: 128,
      disk: 0,
      gpus: 0,
      instances: 1,
      executor: '',
      labels: {},
      networks: [{ mode: 'host' }],
      portDefinitions: [{ port: 10000, protocol: 'tcp', name: 'default' }],
      requirePorts: false,
      upgradeStrategy: { maximumOverCapacity: 1, minimumHealthCapacity: 1 },
      killSelection: 'YOUNGEST_FIRST',
      unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
      role: '*',
      version: VERSION,
      versionInfo: { lastScalingAt: VERSION, lastConfigChangeAt: VERSION },
    });
  });

  it('has all collections inside, so that nobody has to ask whether they are there', async () => {
    expect(await acceptApp(app)).toMatchObject({
      env: {},
      constraints: [],
      fetch: [],
      healthChecks: [],
      readinessChecks: [],
      dependencies: [],
      secrets: {},
      networks: [{ mode: 'host', labels: {} }],
      portDefinitions: [{ labels: {} }],
    });
  });

  it('takes null for absent, any case for enumerations, and ignores what it does not know', async () => {
    const accepted = await acceptApp({
      ...app,
      ports: null,
      dependencies: null,
      container: null,
      killSelection: 'oldest_first',
      upgradeStrategy: null,
      labels: { kept: 'x', dropped: null },
      storeUrls: ['http://x'],
      unheard: { of: true },
    });
    expect(accepted.killSelection).toBe('OLDEST_FIRST');
    expect(accepted.labels).toEqual({ kept: 'x' });
    expect(Object.keys(accepted)).not.toEqual(expect.arrayContaining(['unheard']));
    expect(accepted).not.toHaveProperty('storeUrls');
    expect(accepted).not.toHaveProperty('container');
  });

  it('keeps labels whose names mean something to JavaScript', async () => {
    const labels: unknown = JSON.parse('{"__proto__": "a", "constructor": "b"}');
    const accepted = await acceptApp({ ...app, labels });
    expect(Object.entries(accepted.labels)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});

describe('networks and ports', () => {
  it('have a port on a bridge that is mapped to any of the host', async () => {
    const accepted = await acceptApp({
      ...app,
      networks: [{ mode: 'container/bridge' }],
      container: { docker: { image: 'web:1' } },
      requirePorts: true,
    });
    expect(accepted.container?.portMappings).toEqual([
      {
        containerPort: 0,
        name: 'default',
        hostPort: 0,
        servicePort: 10000,
        protocol: 'tcp',
        labels: {},
        networkNames: [],
      },
    ]);
    expect(accepted).not.toHaveProperty('portDefinitions');
    expect(accepted.requirePorts).toBe(false);
  });

  it('have a port without one of the host on a container network, in a container that is implied', async () => {
    const { container } = await acceptApp({ ...app, networks: [{ name: 'n' }] });
    expect(container).toMatchObject({ type: 'MESOS', volumes: [], portMappings: [{ containerPort: 0 }] });
    expect(container?.portMappings?.[0]).not.toHaveProperty('hostPort');
  });

  it('have no ports where an empty list says so', async () => {
    expect((await acceptApp({ ...app, portDefinitions: [] })).portDefinitions).toEqual([]);
    const mapped = { ...app, networks: [{ name: 'n' }], container: { type: 'MESOS', portMappings: [] } };
    expect((await acceptApp(mapped)).container?.portMappings).toEqual([]);
  });

  it('take the default name of container networks', async () => {
    const { networks } = await acceptApp({ ...app, networks: [{}] }, { defaultNetworkName: 'dcos' });
    expect(networks).toEqual([{ mode: 'container', name: 'dcos', labels: {} }]);
  });
});

describe('defaults that depend on other fields', () => {
  it('let a health check without a port have the first one, and HTTP kinds a path', async () => {
    const { healthChecks } = await acceptApp({
      ...app,
      healthChecks: [
        {},
        { protocol: 'TCP' },
        { port: 80 },
        { protocol: 'COMMAND', command: { value: 'true' } },
      ],
    });
    expect(healthChecks.map(({ path, port, portIndex }) => ({ path, port, portIndex }))).toEqual([
      { path: '/', portIndex: 0 },
      { portIndex: 0 },
      { path: '/', port: 80 },
      {},
    ]);
    expect(healthChecks[0]).toEqual({
      protocol: 'HTTP',
      path: '/',
      portIndex: 0,
      gracePeriodSeconds: 300,
      intervalSeconds: 60,
      timeoutSeconds: 20,
      maxConsecutiveFailures: 3,
      delaySeconds: 15,
      ignoreHttp1xx: false,
      ipProtocol: 'IPv4',
    });
  });

  it('let resident apps never go over and never be replaced elsewhere', async () => {
    const accepted = await acceptApp({
      ...app,
      id: '/prod/db',
      role: 'prod',
      container: {
        type: 'MESOS',
        volumes: [
          { containerPath: 'a', mode: 'RW', persistent: { size: 1 } },
          { containerPath: 'b', mode: 'RW', persistent: { size: 1, profileName: 'nvme' } },
        ],
      },
    });
    expect(accepted).toMatchObject({
      upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
      unreachableStrategy: 'disabled',
      residency: { relaunchEscalationTimeoutSeconds: 3600, taskLostBehavior: 'WAIT_FOREVER' },
      container: {
        volumes: [
          { persistent: { type: 'root', constraints: [] } },
          { persistent: { type: 'mount', profileName: 'nvme' } },
        ],
      },
    });
  });

  it('let single-instance apps never be up twice', async () => {
    const labels = { MARATHON_SINGLE_INSTANCE_APP: 'true' };
    expect((await acceptApp({ ...app, labels })).upgradeStrategy).toEqual({
      minimumHealthCapacity: 0,
      maximumOverCapacity: 0,
    });
  });

  it('give an app the role of a top-level group that enforces it', async () => {
    const group = { id: '/dev', dependencies: [], enforceRole: true, version: VERSION };
    const root = putGroup(emptyRootGroup(), group);
    expect((await acceptApp({ ...app, id: '/dev/a' }, { root })).role).toBe('dev');
    expect((await acceptApp({ ...app, id: '/prod/a' }, { root })).role).toBe('*');
    expect((await acceptApp({ ...app, id: '/new/a' }, { newGroupEnforceRole: 'top' })).role).toBe('new');
  });

  it('resolve dependencies against the group of the app', async () => {
    const accepted = await acceptApp({ ...app, id: '/g/service/a', dependencies: ['../db/db1', 'b', '/x'] });
    expect(accepted.dependencies).toEqual(['/g/db/db1', '/g/service/b', '/x']);
  });
});

describe('service ports', () => {
  const ports = (accepted: AppDefinition) => accepted.portDefinitions?.map(({ port }) => port);

  it('are the first ones that no app has', async () => {
    const other = await acceptApp({ ...app, id: '/b', portDefinitions: [{ port: 10001 }] });
    const root = putApp(emptyRootGroup(), other);
    const accepted = await acceptApp(
      { ...app, portDefinitions: [{ port: 0 }, { port: 0 }, { port: 7 }] },
      { root },
    );
    expect(ports(accepted)).toEqual([10000, 10002, 7]);
  });

  it('stay with an app by position, even when others are taken away', async () => {
    const before = await acceptApp({ ...app, portDefinitions: [{ port: 0 }, { port: 0 }] });
    const root = putApp(emptyRootGroup(), before);
    const after = await acceptApp({ ...app, portDefinitions: [{ port: 0, name: 'x' }] }, { root });
    expect(ports(after)).toEqual([10000]);
  });

  it('may be the same in two apps that ask for them', async () => {
    const root = putApp(
      emptyRootGroup(),
      await acceptApp({ ...app, id: '/b', portDefinitions: [{ port: 80 }] }),
    );
    expect(ports(await acceptApp({ ...app, portDefinitions: [{ port: 80 }] }, { root }))).toEqual([80]);
  });

  it('run out', async () => {
    const range = { servicePorts: { min: 10, max: 11 } };
    await expect(acceptApp({ ...app, portDefinitions: [{}, {}] }, range)).rejects.toThrow(
      'All ports in the range [10-11) are already in use',
    );
  });
});
