import { describe, expect, it } from 'vitest';
import { buildLaunchGroup } from '../../../src/marathon/core/pods/launch-group.ts';
import type { PodContainer, PodDefinition } from '../../../src/marathon/definitions/pods/pod.ts';
import type { Resource, TaskInfo } from '../../../src/mesos/generated/mesos.ts';
import { scalarOf } from '../../../src/mesos/resources/traits.ts';
import { containerOf, podOf } from './pod-of.ts';

const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });
const ports = (...numbers: number[]): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: numbers.map((port) => ({ begin: port, end: port })) },
});

const groupOf = (given: Partial<PodDefinition>, hostPorts: readonly number[] = []) => {
  const pod = podOf({ id: '/prod/web', ...given });
  const total = (name: 'cpus' | 'mem' | 'disk'): number =>
    pod.executorResources[name] + pod.containers.reduce((sum, { resources }) => sum + resources[name], 0);
  return buildLaunchGroup({
    pod,
    task: {
      id: 'instance-prod_web.u',
      hostPorts,
      containers: pod.containers.map(({ name }) => ({
        name,
        taskId: `prod_web.instance-u.${name}.1`,
        condition: 'Provisioned',
        sinceMs: 0,
      })),
    },
    agentId: 'a1',
    hostname: 'host-1',
    frameworkId: 'f1',
    resources: [
      scalar('cpus', total('cpus')),
      scalar('mem', total('mem')),
      scalar('disk', total('disk')),
      ...(hostPorts.length === 0 ? [] : [ports(...hostPorts)]),
    ],
    isRoleEnforced: true,
    bridgeName: 'bridge',
  });
};

const taskOf = (given: Partial<PodDefinition>, container: Partial<PodContainer>): TaskInfo => {
  const { task_group } = groupOf({ ...given, containers: [containerOf({ name: 'one', ...container })] });
  const [task] = task_group.tasks ?? [];
  if (task === undefined) throw new Error('There is no task');
  return task;
};

const environmentOf = ({ command }: TaskInfo): Record<string, string | undefined> =>
  Object.fromEntries((command?.environment?.variables ?? []).map(({ name, value }) => [name, value]));

const endpoint = (name: string, given: Partial<PodContainer['endpoints'][number]> = {}) => ({
  name,
  protocol: ['tcp' as const],
  labels: {},
  networkNames: [],
  ...given,
});

describe('the task group of a pod', () => {
  it('gives each container its resources, and the executor its own with all ports', () => {
    const { executor, task_group } = groupOf(
      {
        containers: [
          containerOf({ name: 'web', resources: { cpus: 0.5, mem: 64, disk: 5, gpus: 0 } }),
          containerOf({ name: 'log', resources: { cpus: 0.2, mem: 16, disk: 0, gpus: 0 } }),
        ],
      },
      [31_000, 31_005],
    );
    const amounts = (resources: readonly Resource[] = []) => [
      scalarOf(resources, 'cpus'),
      scalarOf(resources, 'mem'),
      scalarOf(resources, 'disk'),
    ];
    expect((task_group.tasks ?? []).map(({ resources }) => amounts(resources))).toEqual([
      [0.5, 64, 5],
      [0.2, 16, 0],
    ]);
    expect(amounts(executor.resources)).toEqual([0.1, 32, 10]);
    expect(executor.resources?.at(-1)).toEqual(ports(31_000, 31_005));
    expect(executor).toMatchObject({
      type: 'DEFAULT',
      executor_id: { value: 'instance-prod_web.u' },
      framework_id: { value: 'f1' },
    });
    expect(executor.command).toBeUndefined();
    expect(executor.container).toBeUndefined();
  });

  it('names tasks as their containers, and lets them be found as the pod', () => {
    const task = taskOf({}, {});
    expect(task).toMatchObject({
      name: 'one',
      task_id: { value: 'prod_web.instance-u.one.1' },
      agent_id: { value: 'a1' },
      discovery: { visibility: 'FRAMEWORK', name: 'web.prod' },
      container: { type: 'MESOS', linux_info: { share_cgroups: false } },
    });
  });

  it('tells containers who they are, over what they or the pod set themselves', () => {
    const task = taskOf(
      {
        labels: { team: 'a', 'two words': 'x' },
        environment: { LEVEL: 'pod', HOST: 'mine', ONLY: 'pod' },
        version: '2026-01-01T00:00:00.000Z',
      },
      { environment: { LEVEL: 'container' }, labels: { team: 'b' } },
    );
    expect(environmentOf(task)).toEqual({
      LEVEL: 'container',
      ONLY: 'pod',
      HOST: 'host-1',
      MESOS_TASK_ID: 'prod_web.instance-u.one.1',
      MESOS_EXECUTOR_ID: 'instance-prod_web.u',
      MARATHON_APP_ID: '/prod/web',
      MARATHON_APP_VERSION: '2026-01-01T00:00:00.000Z',
      MARATHON_CONTAINER_ID: 'one',
      MARATHON_CONTAINER_RESOURCE_CPUS: '0.1',
      MARATHON_CONTAINER_RESOURCE_MEM: '32.0',
      MARATHON_CONTAINER_RESOURCE_DISK: '0.0',
      MARATHON_CONTAINER_RESOURCE_GPUS: '0',
      MARATHON_APP_ENFORCE_GROUP_ROLE: 'TRUE',
      MARATHON_APP_LABELS: 'TEAM TWO_WORDS',
      MARATHON_APP_LABEL_TEAM: 'b',
      MARATHON_APP_LABEL_TWO_WORDS: 'x',
    });
  });

  it('tells every container of the endpoints of all, and lets those be found that are its own', () => {
    const { executor, task_group } = groupOf(
      {
        networks: [{ mode: 'container/bridge', labels: { a: 'b' } }],
        containers: [
          containerOf({
            name: 'web',
            endpoints: [
              endpoint('http-api', { containerPort: 80, hostPort: 0, protocol: ['tcp', 'udp'] }),
              endpoint('inner', { containerPort: 9000 }),
            ],
          }),
          containerOf({ name: 'log', endpoints: [endpoint('same', { containerPort: 0, hostPort: 0 })] }),
        ],
      },
      [31_000, 31_005],
    );
    const [web, log] = task_group.tasks ?? [];
    if (web === undefined || log === undefined) throw new Error('There are not two tasks');
    for (const task of [web, log]) {
      expect(environmentOf(task)).toMatchObject({
        ENDPOINT_HTTP_API: '80',
        EP_HOST_HTTP_API: '31000',
        EP_CONTAINER_HTTP_API: '80',
        ENDPOINT_INNER: '9000',
        EP_CONTAINER_INNER: '9000',
        ENDPOINT_SAME: '31005',
        EP_CONTAINER_SAME: '31005',
      });
      expect(environmentOf(task)).not.toHaveProperty('EP_HOST_INNER');
    }
    const host = { labels: { labels: [{ key: 'network-scope', value: 'host' }] } };
    const inside = { labels: { labels: [{ key: 'network-scope', value: 'container' }] } };
    expect(web.discovery?.ports?.ports).toEqual([
      { number: 31_000, name: 'http-api', protocol: 'udp', ...host },
      { number: 31_000, name: 'http-api', protocol: 'tcp', ...host },
      { number: 9000, name: 'inner', protocol: 'tcp', ...inside },
    ]);
    expect(log.discovery?.ports?.ports).toEqual([{ number: 31_005, name: 'same', protocol: 'tcp', ...host }]);
    expect(executor.container).toEqual({
      type: 'MESOS',
      network_infos: [
        {
          name: 'bridge',
          labels: { labels: [{ key: 'a', value: 'b' }] },
          port_mappings: [
            { host_port: 31_000, container_port: 80, protocol: 'udp' },
            { host_port: 31_000, container_port: 80, protocol: 'tcp' },
            { host_port: 31_005, container_port: 31_005, protocol: 'tcp' },
          ],
        },
      ],
    });
    expect(web.container).not.toHaveProperty('network_infos');
  });

  it('maps a port only in the networks that it is for', () => {
    const { executor } = groupOf(
      {
        networks: [
          { mode: 'container', name: 'one', labels: {} },
          { mode: 'container', name: 'two', labels: {} },
        ],
        containers: [
          containerOf({
            name: 'web',
            endpoints: [endpoint('http', { containerPort: 80, hostPort: 0, networkNames: ['two'] })],
          }),
        ],
      },
      [31_000],
    );
    expect(executor.container?.network_infos).toEqual([
      { name: 'one' },
      { name: 'two', port_mappings: [{ host_port: 31_000, container_port: 80, protocol: 'tcp' }] },
    ]);
  });

  it('mounts volumes of each kind', () => {
    const task = taskOf(
      {
        secrets: { key: { source: '/prod/key' } },
        volumes: [
          { name: 'scratch' },
          { name: 'logs', host: '/var/log' },
          { name: 'data', persistent: { type: 'root', size: 10, constraints: [] } },
          { name: 'token', secret: 'key' },
        ],
      },
      {
        volumeMounts: [
          { name: 'scratch', mountPath: 'tmp' },
          { name: 'logs', mountPath: '/logs', readOnly: true },
          { name: 'data', mountPath: '/data' },
          { name: 'token', mountPath: 'token' },
        ],
      },
    );
    const inParent = (path: string) => ({
      source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path } },
    });
    expect(task.container?.volumes).toEqual([
      { container_path: 'tmp', mode: 'RW', ...inParent('volumes/scratch') },
      { container_path: '/logs', mode: 'RO', host_path: '/var/log' },
      { container_path: '/data', mode: 'RW', ...inParent('data') },
      {
        container_path: 'token',
        mode: 'RO',
        source: { type: 'SECRET', secret: { type: 'REFERENCE', reference: { name: '/prod/key' } } },
      },
    ]);
  });

  it('runs shells, programs with their arguments, and images with or without their entry points', () => {
    const argv = ['serve', '--fast'];
    const image = { kind: 'DOCKER' as const, id: 'nginx', labels: {} };
    const command = (container: Partial<PodContainer>) => {
      const { environment: _environment, ...rest } = taskOf({}, container).command ?? {};
      return rest;
    };
    const container = (given: Partial<PodContainer>) => command(given);
    expect(container({ exec: { command: { shell: 'ls' } } })).toEqual({ shell: true, value: 'ls' });
    expect(container({ exec: { command: { argv } } })).toEqual({
      shell: false,
      value: 'serve',
      arguments: argv,
    });
    expect(container({ image, exec: { command: { argv } } })).toEqual({ shell: false, arguments: argv });
    expect(container({ image, exec: { command: { argv }, overrideEntrypoint: true } })).toEqual({
      shell: false,
      value: 'serve',
      arguments: argv,
    });
    const { exec: _exec, ...withoutCommand } = containerOf({ name: 'one', image });
    const { task_group } = groupOf({ containers: [withoutCommand] });
    expect(task_group.tasks?.[0]?.command).toMatchObject({ shell: false });
    expect(task_group.tasks?.[0]?.container?.mesos).toEqual({
      image: { type: 'DOCKER', cached: true, docker: { name: 'nginx' } },
    });
  });

  it('passes on users, files to fetch, grace, limits, terminals, and what is shared', () => {
    const task = taskOf(
      { user: 'pod', legacySharedCgroups: true, linuxInfo: { ipcInfo: { mode: 'PRIVATE', shmSize: 16 } } },
      {
        user: 'me',
        tty: true,
        artifacts: [{ uri: 'http://x/y', extract: true, executable: false, cache: false, destPath: 'z' }],
        lifecycle: { killGracePeriodSeconds: 7.5 },
        resourceLimits: { cpus: 'unlimited', mem: 64 },
        linuxInfo: { ipcInfo: { mode: 'SHARE_PARENT' } },
      },
    );
    expect(task).toMatchObject({
      command: { user: 'me', uris: [{ value: 'http://x/y', output_file: 'z' }] },
      container: { tty_info: {}, linux_info: { share_cgroups: true, ipc_mode: 'SHARE_PARENT' } },
      kill_policy: { grace_period: { nanoseconds: 7_500_000_000 } },
      limits: { cpus: { value: Number.POSITIVE_INFINITY }, mem: { value: 64 } },
    });
    const { executor } = groupOf({ linuxInfo: { ipcInfo: { mode: 'PRIVATE', shmSize: 16 } } });
    expect(executor.container).toEqual({
      type: 'MESOS',
      linux_info: { ipc_mode: 'PRIVATE', shm_size: 16, share_cgroups: false },
    });
    expect(taskOf({ user: 'pod' }, {}).command?.user).toBe('pod');
  });

  it('has the agent check each container, at the port as it is seen inside', () => {
    const times = {
      intervalSeconds: 2,
      timeoutSeconds: 1,
      delaySeconds: 3,
      gracePeriodSeconds: 4,
      maxConsecutiveFailures: 5,
    };
    const checkOf = (healthCheck: object, port: object) =>
      groupOf(
        {
          containers: [
            containerOf({
              name: 'one',
              endpoints: [endpoint('http', port)],
              healthCheck: { ...times, ...healthCheck },
            }),
          ],
        },
        [31_000],
      ).task_group.tasks?.[0]?.health_check;
    expect(checkOf({ http: { endpoint: 'http', path: '/up', scheme: 'HTTPS' } }, { hostPort: 0 })).toEqual({
      type: 'HTTP',
      http: { scheme: 'https', port: 31_000, path: '/up' },
      delay_seconds: 3,
      interval_seconds: 2,
      timeout_seconds: 1,
      consecutive_failures: 5,
      grace_period_seconds: 4,
    });
    expect(checkOf({ tcp: { endpoint: 'http' } }, { hostPort: 0, containerPort: 80 })).toMatchObject({
      type: 'TCP',
      tcp: { port: 80 },
    });
    expect(checkOf({ exec: { command: { shell: 'true' } } }, { hostPort: 0 })).toMatchObject({
      type: 'COMMAND',
      command: { shell: true, value: 'true' },
    });
  });
});
