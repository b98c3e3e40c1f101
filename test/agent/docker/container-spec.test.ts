import { describe, expect, it } from 'vitest';
import { containerWithoutEngine } from '../../../src/agent/core/container-without-engine.ts';
import type { ContainerPlan } from '../../../src/agent/core/effect.ts';
import { containerSpec } from '../../../src/agent/docker/container-spec.ts';
import { parameterEffects } from '../../../src/agent/docker/docker-parameters.ts';
import { commandOfImage } from '../../../src/agent/isolators/docker-runtime.ts';
import type { ContainerInfo, Resource } from '../../../src/mesos/generated/mesos.ts';

const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });
const RESOURCES: Resource[] = [
  scalar('cpus', 0.5),
  scalar('mem', 64),
  { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 31_001 }] } },
];

const plan = (container: Partial<ContainerInfo>, more: Partial<ContainerPlan> = {}): ContainerPlan => ({
  id: 'c-1',
  parentId: undefined,
  frameworkId: 'fw',
  executorId: 'e',
  taskId: 't',
  sandbox: '/sandbox',
  parentSandbox: undefined,
  command: { value: 'run' },
  environment: { PATH: '/host/bin', MESOS_TASK_ID: 't', OWN: '1' },
  user: undefined,
  container: { type: 'DOCKER', docker: { image: 'app' }, ...container },
  image: undefined,
  mounts: [],
  network: undefined,
  limitedAs: 'c-1',
  resources: RESOURCES,
  limits: {},
  ...more,
});

interface Spec {
  Entrypoint?: string[];
  Cmd?: string[];
  Env: string[];
  Labels: Record<string, string>;
  HostConfig: Record<string, unknown>;
}

const specOf = (planned: ContainerPlan, isCpuLimited = false): Spec =>
  containerSpec(planned, { agent: 'here', isCpuLimited }) as Spec;

describe('what the engine is told', () => {
  it('has the resources in its words', () => {
    expect(specOf(plan({})).HostConfig).toMatchObject({
      CpuShares: 512,
      Memory: 64 * 1024 ** 2,
      NetworkMode: 'host',
    });
    expect(specOf(plan({}), true).HostConfig).toMatchObject({ CpuPeriod: 100_000, CpuQuota: 50_000 });
    const small = plan({}, { resources: [scalar('cpus', 0.001), scalar('mem', 1)] });
    expect(specOf(small).HostConfig).toMatchObject({ CpuShares: 2, Memory: 32 * 1024 ** 2 });
    const limited = plan({}, { limits: { cpus: 2, mem: 128 } });
    expect(specOf(limited).HostConfig).toMatchObject({
      CpuQuota: 200_000,
      Memory: 128 * 1024 ** 2,
      MemoryReservation: 64 * 1024 ** 2,
    });
    const endless = specOf(
      plan({}, { limits: { cpus: Number.POSITIVE_INFINITY, mem: Number.POSITIVE_INFINITY } }),
    );
    expect(endless.HostConfig.CpuQuota).toBeUndefined();
    expect(endless.HostConfig.Memory).toBeUndefined();
  });

  it('runs a shell in place of the entrypoint, or gives it all words as arguments', () => {
    expect(specOf(plan({}))).toMatchObject({ Entrypoint: ['/bin/sh'], Cmd: ['-c', 'run'] });
    const words = specOf(plan({}, { command: { shell: false, value: 'a', arguments: ['b'] } }));
    expect(words).toMatchObject({ Cmd: ['a', 'b'] });
    expect(words.Entrypoint).toBeUndefined();
    expect(specOf(plan({}, { command: { shell: false } })).Cmd).toBeUndefined();
  });

  it("has the task's variables, not those that are about the host", () => {
    const command = { value: 'run', environment: { variables: [{ name: 'OWN', value: '1' }] } };
    const { Env } = specOf(plan({}, { command }));
    expect(Env).toEqual(
      expect.arrayContaining([
        'OWN=1',
        'MESOS_TASK_ID=t',
        'MESOS_SANDBOX=/mnt/mesos/sandbox',
        'MESOS_CONTAINER_NAME=mesos-c-1',
      ]),
    );
    expect(Env.some((text) => text.startsWith('PATH='))).toBe(false);
  });

  it('has ports and networks', () => {
    const docker = {
      image: 'app',
      network: 'BRIDGE' as const,
      port_mappings: [{ host_port: 31_000, container_port: 80, protocol: 'UDP' }],
    };
    expect(specOf(plan({ docker })).HostConfig).toMatchObject({
      NetworkMode: 'bridge',
      PortBindings: { '80/udp': [{ HostPort: '31000' }] },
    });
    const user = { image: 'app', network: 'USER' as const };
    expect(specOf(plan({ docker: user, network_infos: [{ name: 'web' }] })).HostConfig.NetworkMode).toBe(
      'web',
    );
  });

  it('has volumes of all kinds', () => {
    const volumes: ContainerInfo['volumes'] = [
      { mode: 'RO', container_path: '/etc/x', host_path: '/etc/y' },
      { mode: 'RW', container_path: 'data', host_path: '/srv/data' },
      { mode: 'RW', container_path: '/in', host_path: 'out' },
    ];
    expect(specOf(plan({ volumes })).HostConfig.Binds).toEqual([
      '/sandbox:/mnt/mesos/sandbox',
      '/etc/y:/etc/x:ro',
      '/srv/data:/mnt/mesos/sandbox/data:rw',
      '/sandbox/out:/in:rw',
    ]);
    const external: ContainerInfo['volumes'] = [
      {
        mode: 'RW',
        container_path: '/v',
        source: { type: 'DOCKER_VOLUME', docker_volume: { name: 'vol', driver: 'rexray' } },
      },
    ];
    expect(specOf(plan({ volumes: external })).HostConfig).toMatchObject({
      VolumeDriver: 'rexray',
      Binds: ['/sandbox:/mnt/mesos/sandbox', 'vol:/v:rw'],
    });
  });

  it('has what parameters say', () => {
    const parameters = [
      { key: 'cap-add', value: 'NET_ADMIN' },
      { key: 'label', value: 'a=b=c' },
      { key: 'm', value: '1g' },
      { key: 'ulimit', value: 'nofile=10:20' },
      { key: 'net', value: 'other' },
      { key: 'log-driver', value: 'syslog' },
      { key: 'log-opt', value: 'tag=x' },
    ];
    const spec = specOf(plan({ docker: { image: 'app', parameters } }));
    expect(spec.Labels).toEqual({ a: 'b=c', 'plenum.agent': 'here' });
    expect(spec.HostConfig).toMatchObject({
      CapAdd: ['NET_ADMIN'],
      Memory: 1024 ** 3,
      Ulimits: [{ Name: 'nofile', Soft: 10, Hard: 20 }],
      NetworkMode: 'other',
      LogConfig: { Type: 'syslog', Config: { tag: 'x' } },
    });
    expect(() => parameterEffects([{ key: 'm', value: 'much' }])).toThrow(
      "'much' is not an amount of memory",
    );
  });

  it.each([
    [
      'ports without any',
      { docker: { image: 'a', network: 'BRIDGE', port_mappings: [{ host_port: 1, container_port: 1 }] } },
      [],
      'Port mappings require port resources',
    ],
    [
      'ports of others',
      { docker: { image: 'a', network: 'BRIDGE', port_mappings: [{ host_port: 8080, container_port: 1 }] } },
      RESOURCES,
      'Port [8080] not included in resources',
    ],
    [
      'a network without a name',
      { docker: { image: 'a', network: 'USER' } },
      RESOURCES,
      'No network info found in container info',
    ],
    [
      'two networks',
      { docker: { image: 'a', network: 'USER' }, network_infos: [{ name: 'a' }, { name: 'b' }] },
      RESOURCES,
      'Only a single network can be defined in Docker run',
    ],
    [
      'a name on the network of the host',
      { hostname: 'x' },
      RESOURCES,
      'Unable to set hostname with host network mode',
    ],
    [
      'two relative paths',
      { volumes: [{ mode: 'RW', container_path: 'a', host_path: 'b' }] },
      RESOURCES,
      "Both host_path 'b' and container_path 'a' of a volume are relative",
    ],
    [
      'two volume drivers',
      {
        docker: { image: 'a', volume_driver: 'x' },
        volumes: [
          {
            mode: 'RW',
            container_path: '/v',
            source: { type: 'DOCKER_VOLUME', docker_volume: { name: 'v', driver: 'y' } },
          },
        ],
      },
      RESOURCES,
      'Only one volume driver is supported',
    ],
  ] as [string, Partial<ContainerInfo>, Resource[], string][])(
    'refuses %s',
    (_what, container, resources, reason) => {
      expect(() => specOf(plan(container, { resources }))).toThrow(reason);
    },
  );
});

describe('the command of an image', () => {
  const image = (entrypoint: string[], cmd: string[]) => ({
    entrypoint,
    cmd,
    env: {},
    user: undefined,
    workingDir: undefined,
  });
  const E = ['e', 'e1'];
  const C = ['c', 'c1'];

  // The table of mesos.md 6.4: no Entrypoint and no Cmd, only Cmd, only Entrypoint, both.
  it.each([
    [{ shell: false }, ['No executable is found', C, E, [...E, ...C]]],
    [{ shell: false, arguments: ['a'] }, ['No executable is found', ['c', 'a'], [...E, 'a'], [...E, 'a']]],
    [{ shell: false, value: 'v' }, [undefined, undefined, undefined, undefined]],
    [{ shell: false, value: 'v', arguments: ['a'] }, [undefined, undefined, undefined, undefined]],
    [{ shell: true }, Array(4).fill('Shell specified but no command value provided')],
    [{ arguments: ['a'] }, Array(4).fill('Shell specified but no command value provided')],
    [{ value: 'v' }, [undefined, undefined, undefined, undefined]],
  ])('of %j is as in Mesos', (command, wanted) => {
    const images = [image([], []), image([], C), image(E, []), image(E, C)];
    for (const [index, one] of images.entries()) {
      const expected = wanted[index];
      if (typeof expected === 'string') expect(() => commandOfImage(command, one)).toThrow(expected);
      else expect(commandOfImage(command, one)).toEqual(expected);
    }
  });
});

describe('a container of type DOCKER without an engine', () => {
  it('becomes one with an image, forced when it must be', () => {
    const docker = {
      image: 'app',
      force_pull_image: true,
      port_mappings: [{ host_port: 31_000, container_port: 31_000 }],
    };
    expect(containerWithoutEngine({ type: 'DOCKER', docker }, [])).toMatchObject({
      type: 'MESOS',
      mesos: { image: { type: 'DOCKER', docker: { name: 'app' }, cached: false } },
    });
  });

  it('names all that it cannot have', () => {
    const docker = {
      image: 'app',
      network: 'USER' as const,
      volume_driver: 'x',
      parameters: [
        { key: 'label', value: 'a=b' },
        { key: 'wings', value: '2' },
      ],
    };
    expect(() =>
      containerWithoutEngine({ type: 'DOCKER', docker, network_infos: [{ name: 'web' }] }, []),
    ).toThrow('there is no network web, no volume driver x, no parameter wings=2:');
  });

  const port_mappings = [{ host_port: 31_000, container_port: 80 }];
  it.each([
    ['BRIDGE', [{ labels: {} }], [{ name: 'mesos-bridge', labels: {}, port_mappings }]],
    ['USER', [{ name: 'web' }], [{ name: 'web', port_mappings }]],
  ] as const)('is on the network that %s means where there are networks', (network, infos, wanted) => {
    const container = containerWithoutEngine(
      { type: 'DOCKER', docker: { image: 'app', network, port_mappings }, network_infos: [...infos] },
      ['network/cni'],
    );
    expect(container.network_infos).toEqual(wanted);
  });

  it.each([
    ['HOST', [], 'Port mappings are only supported for bridge and user-defined networks'],
    ['NONE', [], 'Port mappings are only supported for bridge and user-defined networks'],
    ['USER', [], 'No network info found in container info'],
    ['USER', [{ name: 'a' }, { name: 'b' }], 'Only a single network can be defined in Docker run'],
  ] as const)('is refused on network %s with %j, as an engine would', (network, infos, message) => {
    const docker = { image: 'app', network, port_mappings };
    const container = { type: 'DOCKER' as const, docker, network_infos: [...infos] };
    expect(() => containerWithoutEngine(container, ['network/cni'])).toThrow(message);
  });

  it('has its volumes by their driver where there are external ones', () => {
    const volumes = [
      { mode: 'RW' as const, container_path: '/data', host_path: 'things' },
      { mode: 'RO' as const, container_path: '/etc/x', host_path: '/etc/x' },
    ];
    const docker = { image: 'app', volume_driver: 'rexray' };
    const container = containerWithoutEngine({ type: 'DOCKER', docker, volumes }, ['docker/volume']);
    expect(container.volumes).toEqual([
      {
        mode: 'RW',
        container_path: '/data',
        source: { type: 'DOCKER_VOLUME', docker_volume: { driver: 'rexray', name: 'things' } },
      },
      volumes[1],
    ]);
  });
});
