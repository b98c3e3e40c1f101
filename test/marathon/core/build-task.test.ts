import { describe, expect, it } from 'vitest';
import { buildTask } from '../../../src/marathon/core/task/build-task.ts';
import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import { jsonCodec } from '../../../src/mesos/codec/codec.ts';
import type { TaskInfo } from '../../../src/mesos/generated/mesos.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { appOf } from './app-of.ts';

const build = (app: AppDefinition, hostPorts: number[] = [], envVarsPrefix = ''): TaskInfo =>
  buildTask({
    app,
    taskId: 'task-1',
    agentId: 'agent-1',
    hostname: 'one.example',
    resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, allocation_info: { role: '*' } }],
    hostPorts,
    isRoleEnforced: false,
    bridgeName: 'mesos-bridge',
    envVarsPrefix,
    random: seededRandom(1),
  });

const environment = (task: TaskInfo): Record<string, string | undefined> =>
  Object.fromEntries(
    (task.command?.environment?.variables ?? []).map(({ name, value, secret }) => [
      name,
      value ?? secret?.reference?.name,
    ]),
  );

const port = (number: number, name?: string, protocol: 'tcp' | 'udp' | 'udp,tcp' = 'tcp') => ({
  port: number,
  protocol,
  labels: {},
  ...(name === undefined ? {} : { name }),
});

const mapping = (containerPort: number, more: { hostPort?: number; name?: string } = {}) => ({
  containerPort,
  servicePort: 0,
  protocol: 'tcp' as const,
  labels: {},
  networkNames: [],
  ...more,
});

/** An app with mappings has no port definitions. */
const mapped = (given: Partial<AppDefinition> & { id: string }): AppDefinition => {
  const { portDefinitions: _none, ...app } = appOf(given);
  return app;
};

describe('the task of an app', () => {
  it('is complete for an app with a command, a port and labels', () => {
    const app = appOf({
      id: '/prod/web',
      cmd: 'run --port $PORT0',
      cpus: 0.5,
      labels: { 'my-team': 'blue' },
      env: { MODE: 'fast', PORT0: 'own' },
      portDefinitions: [{ port: 10_000, protocol: 'tcp', name: 'http', labels: { VIP_0: '/web:80' } }],
      fetch: [{ uri: 'https://x/y.tgz', extract: true, executable: false, cache: false, destPath: 'z' }],
      taskKillGracePeriodSeconds: 7,
      user: 'nobody',
    });
    expect(build(app, [31_005])).toEqual({
      name: 'web.prod',
      task_id: { value: 'task-1' },
      agent_id: { value: 'agent-1' },
      resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, allocation_info: { role: '*' } }],
      command: {
        shell: true,
        value: 'run --port $PORT0',
        user: 'nobody',
        uris: [
          { value: 'https://x/y.tgz', extract: true, executable: false, cache: false, output_file: 'z' },
        ],
        environment: { variables: expect.any(Array) },
      },
      kill_policy: { grace_period: { nanoseconds: 7_000_000_000 } },
      labels: { labels: [{ key: 'my-team', value: 'blue' }] },
      discovery: {
        visibility: 'FRAMEWORK',
        name: 'web.prod',
        ports: {
          ports: [
            {
              number: 31_005,
              name: 'http',
              protocol: 'tcp',
              labels: {
                labels: [
                  { key: 'VIP_0', value: '/web:80' },
                  { key: 'network-scope', value: 'host' },
                ],
              },
            },
          ],
        },
      },
    });
    expect(environment(build(app, [31_005]))).toEqual({
      HOST: 'one.example',
      MESOS_TASK_ID: 'task-1',
      MARATHON_APP_ID: '/prod/web',
      MARATHON_APP_VERSION: app.version,
      MARATHON_APP_RESOURCE_CPUS: '0.5',
      MARATHON_APP_RESOURCE_MEM: '128.0',
      MARATHON_APP_RESOURCE_DISK: '0.0',
      MARATHON_APP_RESOURCE_GPUS: '0',
      MARATHON_APP_ENFORCE_GROUP_ROLE: 'FALSE',
      MARATHON_APP_LABELS: 'MY_TEAM',
      MARATHON_APP_LABEL_MY_TEAM: 'blue',
      PORT: '31005',
      PORTS: '31005',
      PORT0: 'own',
      PORT_10000: '31005',
      PORT_HTTP: '31005',
      MODE: 'fast',
    });
  });

  it('is readable for Mesos, unlimited resources included', () => {
    const app = appOf({ id: '/a', resourceLimits: { cpus: 2, mem: 'unlimited' } });
    const task = jsonCodec.decode<TaskInfo>(
      'mesos.v1.TaskInfo',
      Buffer.from(jsonCodec.encode('mesos.v1.TaskInfo', build(app))),
    );
    expect(task.limits).toEqual({ cpus: { value: 2 }, mem: { value: Number.POSITIVE_INFINITY } });
  });

  it('has no variables for ports when there are none, and an empty list of labels', () => {
    const variables = environment(build(appOf({ id: '/a' })));
    expect(Object.keys(variables).filter((name) => name.startsWith('PORT'))).toEqual([]);
    expect(variables.MARATHON_APP_LABELS).toBe('');
  });

  it('runs arguments without a shell, and the first of them is the program unless there is an image', () => {
    const { cmd: _none, ...app } = appOf({ id: '/a', args: ['sleep', '9'] });
    expect(build(app).command).toMatchObject({ shell: false, value: 'sleep', arguments: ['sleep', '9'] });
    const docker = { image: 'i', forcePullImage: false, privileged: false, parameters: [] };
    const inImage = build({ ...app, container: { type: 'DOCKER', docker, volumes: [] } });
    expect(inImage.command).toMatchObject({ shell: false, arguments: ['sleep', '9'] });
    expect(inImage.command).not.toHaveProperty('value');
  });

  it('has a prefix before what it says of host and ports, where that is asked for', () => {
    const app = appOf({ id: '/a', portDefinitions: [port(0, 'http')] });
    const variables = environment(build(app, [31_000], 'CUSTOM_'));
    expect(variables).toMatchObject({
      CUSTOM_HOST: 'one.example',
      CUSTOM_PORT: '31000',
      CUSTOM_PORTS: '31000',
      CUSTOM_PORT0: '31000',
      CUSTOM_PORT_31000: '31000',
      CUSTOM_PORT_HTTP: '31000',
      MARATHON_APP_ID: '/a',
      MESOS_TASK_ID: 'task-1',
    });
    expect(Object.keys(variables).filter((name) => /^(HOST|PORT)/.test(name))).toEqual([]);
  });

  it('names variables after the effective port when 0 was asked for', () => {
    const variables = environment(
      build(appOf({ id: '/a', portDefinitions: [port(0), port(0)] }), [31_001, 31_002]),
    );
    expect(variables).toMatchObject({
      PORT_31001: '31001',
      PORT_31002: '31002',
      PORTS: '31001,31002',
      PORT: '31001',
    });
  });

  it('maps ports of a bridge, and generates container ports that nobody gave', () => {
    const app = mapped({
      id: '/a',
      networks: [{ mode: 'container/bridge', labels: {} }],
      container: {
        type: 'DOCKER',
        docker: {
          image: 'i',
          forcePullImage: true,
          privileged: true,
          parameters: [{ key: 'k', value: 'v' }],
        },
        volumes: [{ containerPath: '/in', hostPath: '/out', mode: 'RO' }],
        portMappings: [mapping(80, { hostPort: 0, name: 'web' }), mapping(0, { hostPort: 0 }), mapping(0)],
      },
    });
    const task = build(app, [31_000, 31_001]);
    expect(task.container).toEqual({
      type: 'DOCKER',
      volumes: [{ container_path: '/in', host_path: '/out', mode: 'RO' }],
      docker: {
        image: 'i',
        network: 'BRIDGE',
        privileged: true,
        force_pull_image: true,
        parameters: [
          { key: 'k', value: 'v' },
          { key: 'label', value: 'MESOS_TASK_ID=task-1' },
        ],
        port_mappings: [
          { host_port: 31_000, container_port: 80, protocol: 'tcp' },
          { host_port: 31_001, container_port: 31_001, protocol: 'tcp' },
        ],
      },
    });
    const variables = environment(task);
    const generated = Number(variables.PORT2);
    expect(generated).toBeGreaterThanOrEqual(1025);
    expect(variables).toMatchObject({
      MARATHON_APP_DOCKER_IMAGE: 'i',
      PORT0: '31000',
      PORT_80: '31000',
      PORT_WEB: '31000',
      PORT1: '31001',
      [`PORT_${generated}`]: String(generated),
      PORTS: `31000,31001,${generated}`,
    });
  });

  it('joins container networks, with discovery inside them', () => {
    const app = mapped({
      id: '/a',
      networks: [{ mode: 'container', name: 'dcos', labels: { l: '1' } }],
      container: { type: 'MESOS', volumes: [], portMappings: [mapping(8080, { name: 'api' })] },
    });
    const task = build(app);
    expect(task.container).toEqual({
      type: 'MESOS',
      network_infos: [{ name: 'dcos', labels: { labels: [{ key: 'l', value: '1' }] } }],
    });
    expect(task.discovery?.ports?.ports).toEqual([
      {
        number: 8080,
        name: 'api',
        protocol: 'tcp',
        labels: {
          labels: [
            { key: 'network-scope', value: 'container' },
            { key: 'network-name', value: 'dcos' },
          ],
        },
      },
    ]);
    expect(environment(task)).toMatchObject({ PORT0: '8080', PORT_8080: '8080', PORT_API: '8080' });
    expect(environment(task)).not.toHaveProperty('PORTS');
  });

  it('makes two ports of one for both protocols', () => {
    const task = build(appOf({ id: '/a', portDefinitions: [port(0, 'dns', 'udp,tcp')] }), [31_000]);
    expect(task.discovery?.ports?.ports?.map(({ protocol }) => protocol)).toEqual(['udp', 'tcp']);
  });

  it('hands health checks that the agent performs over with the port inside the container', () => {
    const check = {
      gracePeriodSeconds: 5,
      intervalSeconds: 6,
      timeoutSeconds: 7,
      maxConsecutiveFailures: 8,
      delaySeconds: 9,
      ignoreHttp1xx: false,
      ipProtocol: 'IPv4' as const,
    };
    const times = {
      grace_period_seconds: 5,
      interval_seconds: 6,
      timeout_seconds: 7,
      consecutive_failures: 8,
      delay_seconds: 9,
    };
    const host = appOf({
      id: '/a',
      portDefinitions: [port(10_000)],
      healthChecks: [
        { ...check, protocol: 'HTTP', path: '/', portIndex: 0 },
        { ...check, protocol: 'MESOS_HTTP', path: '/ok', portIndex: 0 },
      ],
    });
    expect(build(host, [31_000]).health_check).toEqual({
      type: 'HTTP',
      http: { scheme: 'http', port: 31_000, path: '/ok' },
      ...times,
    });
    const bridge = mapped({
      id: '/a',
      networks: [{ mode: 'container/bridge', labels: {} }],
      container: { type: 'MESOS', volumes: [], portMappings: [mapping(80, { hostPort: 0 })] },
      healthChecks: [{ ...check, protocol: 'MESOS_TCP', portIndex: 0 }],
    });
    expect(build(bridge, [31_000]).health_check).toEqual({ type: 'TCP', tcp: { port: 80 }, ...times });
    const command = appOf({
      id: '/a',
      healthChecks: [{ ...check, protocol: 'COMMAND', command: { value: 'true' } }],
    });
    expect(build(command).health_check).toMatchObject({
      type: 'COMMAND',
      command: { shell: true, value: 'true' },
    });
  });

  it('hands checks over', () => {
    const times = { intervalSeconds: 1, timeoutSeconds: 2, delaySeconds: 3 };
    const infoTimes = { interval_seconds: 1, timeout_seconds: 2, delay_seconds: 3 };
    const app = appOf({ id: '/a', portDefinitions: [port(0)] });
    const check = (given: AppDefinition['check']) =>
      build({ ...app, ...(given ? { check: given } : {}) }, [31_000]).check;
    expect(check({ ...times, http: { portIndex: 0, path: '/x', scheme: 'HTTP' } })).toEqual({
      type: 'HTTP',
      http: { port: 31_000, path: '/x' },
      ...infoTimes,
    });
    expect(check({ ...times, tcp: { port: 99 } })).toEqual({ type: 'TCP', tcp: { port: 99 }, ...infoTimes });
    expect(check({ ...times, exec: { command: { argv: ['a', 'b'] } } })).toEqual({
      type: 'COMMAND',
      command: { command: { shell: false, value: 'a', arguments: ['a', 'b'] } },
      ...infoTimes,
    });
  });

  it('refers to secrets instead of knowing them', () => {
    const app = appOf({
      id: '/a',
      env: { PASSWORD: { secret: 'pw' } },
      secrets: { pw: { source: '/path/to/pw' } },
      container: { type: 'MESOS', volumes: [{ containerPath: 'file', secret: 'pw' }] },
    });
    const secret = { type: 'REFERENCE', reference: { name: '/path/to/pw' } };
    const task = build(app);
    expect(task.command?.environment?.variables).toContainEqual({ name: 'PASSWORD', type: 'SECRET', secret });
    expect(task.container?.volumes).toEqual([
      { container_path: 'file', mode: 'RO', source: { type: 'SECRET', secret } },
    ]);
  });

  it('gives an own executor its share of the resources and the command', () => {
    const app = appOf({
      id: '/a',
      cmd: 'x',
      executor: '/opt/run',
      executorResources: { cpus: 0.25, mem: 32, disk: 10 },
    });
    const task = build(app);
    expect(task).not.toHaveProperty('command');
    expect(task.resources?.[0]?.scalar?.value).toBe(0.75);
    expect(task.executor).toMatchObject({
      executor_id: { value: 'marathon-task-1' },
      command: { shell: true, value: "chmod ug+rx '/opt/run' && exec '/opt/run' x" },
      resources: [{ name: 'cpus', scalar: { value: 0.25 } }],
    });
  });
});
