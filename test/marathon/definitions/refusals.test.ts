import { describe, expect, it } from 'vitest';
import { readGroup } from '../../../src/marathon/groups/read-group.ts';
import { ALL_FEATURES, violationsOf } from './accept-app.ts';
import { describeRefusals } from './describe-refusals.ts';

const app = { id: '/a', cmd: 'sleep 1' };
const docker = { type: 'DOCKER', docker: { image: 'web:1' } };
const bridge = { networks: [{ mode: 'container/bridge' }], container: docker };
const persistent = { containerPath: 'data', mode: 'RW', persistent: { size: 10 } };
const resident = { ...app, id: '/prod/a', role: 'prod', container: { type: 'MESOS', volumes: [persistent] } };

describeRefusals({
  'what has the wrong form': [
    ['no id', { cmd: 'x x' }, '/id: error.path.missing'],
    ['an id that is a number', { id: 123, cmd: 'sleep 1' }, '/id: error.expected.jsstring'],
    ['cpus as text', { ...app, cpus: '1' }, '/cpus: error.expected.jsnumber'],
    ['half an instance', { ...app, instances: 1.5 }, '/instances: error.expected.int'],
    ['instances below 0', { ...app, instances: -1 }, '/instances: error.min'],
    ['no CPU at all', { ...app, cpus: 0 }, '/cpus: error.min'],
    ['an empty command', { id: '/a', cmd: '' }, '/cmd: error.minLength'],
    ['a label that is a number', { ...app, labels: { a: 1 } }, '/labels/a: error.expected.jsstring'],
    ['a variable that is a number', { ...app, env: { A: 1 } }, '/env/A: error.expected.jsstring'],
    ['a list that is a text', { ...app, constraints: 'x' }, '/constraints: error.expected.jsarray'],
    ['an object that is a list', { ...app, container: [] }, '/container: error.expected.jsobject'],
    ['a truth that is a text', { ...app, requirePorts: 'yes' }, '/requirePorts: error.expected.jsboolean'],
    [
      'a constraint whose value is a number',
      { ...app, constraints: [['hostname', 'MAX_PER', 2]] },
      '/constraints(0)(2): error.expected.jsstring',
    ],
    [
      'an unknown word where some are known',
      { ...app, killSelection: 'RANDOM' },
      '/killSelection: error.unknown.enum.literal',
    ],
    [
      'a port beyond all ports',
      { ...app, portDefinitions: [{ port: 70_000 }] },
      '/portDefinitions(0)/port: error.max',
    ],
    [
      'half an upgrade strategy',
      { ...app, upgradeStrategy: { minimumHealthCapacity: 1 } },
      '/upgradeStrategy/maximumOverCapacity: error.path.missing',
    ],
    [
      'a fraction above 1',
      { ...app, upgradeStrategy: { minimumHealthCapacity: 1.2, maximumOverCapacity: 0 } },
      '/upgradeStrategy/minimumHealthCapacity: got 1.2, expected between 0.0 and 1.0',
    ],
    ['an executor that is no path', { ...app, executor: 'a//b' }, '/executor: error.pattern'],
    ['an empty URI', { ...app, fetch: [{ uri: '' }] }, '/fetch(0)/uri: error.minLength'],
    ['something that is no object', 'app', '/: error.expected.jsobject'],
    [
      'no accepted role at all',
      { ...app, acceptedResourceRoles: [] },
      '/acceptedResourceRoles: error.minLength',
    ],
  ],
  ids: [
    [
      'an id with a blank and an upper-case letter',
      { ...app, id: '/A b' },
      "/id: must fully match regular expression '^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])|(\\.|\\.\\.)$'",
    ],
    ['the root', { ...app, id: '/' }, '/id: must not be root'],
    ['an empty id', { ...app, id: '' }, '/id: Path must contain at least one path element'],
    [
      'an id that ends like a route',
      { ...app, id: '/a/tasks' },
      '/id: must not end with any of the following reserved words: restart, tasks, versions',
    ],
    [
      'a dependency that is no id',
      { ...app, dependencies: ['/ok', '/No'] },
      expect.stringMatching(/^\/dependencies\(1\): must fully match/),
    ],
  ],
  'what is run': [
    [
      'nothing',
      { id: '/a' },
      "/: AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.",
    ],
    [
      'two things',
      { ...app, args: ['x'] },
      "/: AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.",
    ],
    ['a command of one character', { id: '/a', cmd: 'x' }, '/cmd: must not be an empty string'],
  ],
  resources: [
    [
      'GPUs without the feature',
      { ...app, gpus: 1 },
      '/gpus: Feature gpu_resources is not enabled. Enable with --enable_features gpu_resources)',
    ],
    [
      'GPUs in Docker',
      { ...app, gpus: 1, container: docker },
      '/gpus: GPU resources only work with the Mesos containerizer',
      ALL_FEATURES,
    ],
    [
      'a limit below the request',
      { ...app, cpus: 2, resourceLimits: { cpus: 1 } },
      '/resourceLimits/cpus: resource limit must be greater than or equal to requested resource (2)',
    ],
    [
      'a limit in words',
      { ...app, resourceLimits: { mem: 'much' } },
      "/resourceLimits/mem: 'much' is an invalid resource limit. It must be 'unlimited' or a number",
    ],
  ],
  roles: [
    ['a foreign one below the root', { ...app, role: 'foo' }, '/role: got foo, expected one of: [*]'],
    [
      'a foreign one in a group',
      { ...app, id: '/g/a', role: 'foo' },
      '/role: got foo, expected one of: [*, g]',
    ],
    [
      'foreign resources',
      { ...app, acceptedResourceRoles: ['foo'] },
      '/acceptedResourceRoles: acceptedResourceRoles can only contain *',
    ],
    [
      'foreign resources in a group',
      { ...app, id: '/g/a', role: 'g', acceptedResourceRoles: ['foo'] },
      '/acceptedResourceRoles: acceptedResourceRoles can only contain * and g',
    ],
    ['* for a resident app', { ...resident, role: '*' }, '/role: Resident apps cannot have the role *'],
    [
      'reserved resources for a resident app',
      { ...resident, acceptedResourceRoles: ['prod'] },
      '/acceptedResourceRoles: A resident app must have `acceptedResourceRoles = ["*"]`.',
    ],
  ],
  strategies: [
    [
      'more instances than fit anywhere',
      { ...app, instances: 1e12 },
      '/instances: got 1000000000000, expected 100000 or less',
    ],
    [
      'two instances of a single-instance app',
      { ...app, instances: 2, labels: { MARATHON_SINGLE_INSTANCE_APP: 'true' } },
      '/instances: Single instance app may only have one instance',
    ],
    [
      'over capacity of a single-instance app',
      {
        ...app,
        labels: { MARATHON_SINGLE_INSTANCE_APP: 'true' },
        upgradeStrategy: { minimumHealthCapacity: 0, maximumOverCapacity: 1 },
      },
      '/upgradeStrategy/maximumOverCapacity: got 1, expected 0.0',
    ],
    [
      'over capacity of a resident app',
      { ...resident, upgradeStrategy: { minimumHealthCapacity: 0, maximumOverCapacity: 1 } },
      '/upgradeStrategy/maximumOverCapacity: got 1, expected 0.0',
    ],
    [
      'a resident app that is replaced elsewhere',
      { ...resident, unreachableStrategy: { inactiveAfterSeconds: 1, expungeAfterSeconds: 2 } },
      '/unreachableStrategy: unreachableStrategy must be disabled for resident tasks',
    ],
    [
      'giving up before replacing',
      { ...app, unreachableStrategy: { inactiveAfterSeconds: 3, expungeAfterSeconds: 2 } },
      '/unreachableStrategy: inactiveAfterSeconds must be less than or equal to expungeAfterSeconds',
    ],
    [
      'a strategy that there is not',
      { ...app, unreachableStrategy: 'off' },
      '/unreachableStrategy: error.unknown.enum.literal',
    ],
    [
      'half of the migration labels',
      { ...app, labels: { DCOS_MIGRATION_API_VERSION: 'v1', DCOS_MIGRATION_API_PATH: '/x' } },
      '/labels: DCOS_PACKAGE_FRAMEWORK_NAME and DCOS_MIGRATION_API_PATH must be defined when using DCOS_MIGRATION_API_VERSION',
    ],
  ],
  files: [
    [
      'a URI with a blank',
      { ...app, fetch: [{ uri: 'http://a b' }] },
      '/fetch(0)/uri: URI has invalid syntax.',
    ],
  ],
  'mixtures of old and new': [
    [
      'docker.network and networks',
      { ...app, ...bridge, container: { docker: { image: 'x', network: 'BRIDGE' } } },
      '/container/docker/network: must not specify both container.docker.network and networks',
    ],
    [
      'ipAddress and networks',
      { ...app, networks: [{ name: 'n' }], ipAddress: {} },
      '/ipAddress: must not specify both networks and ipAddress',
    ],
    [
      'ports and port definitions',
      { ...app, ports: [1], portDefinitions: [{ port: 1 }] },
      '/ports: cannot specify both ports and port definitions',
    ],
    [
      'ipAddress and ports',
      { ...app, ports: [1], ipAddress: { networkName: 'n' } },
      '/ipAddress: cannot specify both an IP address and port',
    ],
    ['one port twice', { ...app, ports: [1, 1] }, '/ports: ports must be unique'],
    [
      'uris and fetch',
      { ...app, uris: ['http://a'], fetch: [{ uri: 'http://a' }] },
      '/uris: may not be set in conjunction with fetch',
    ],
    [
      'discovery in Docker',
      {
        ...app,
        container: docker,
        ipAddress: { networkName: 'n', discovery: { ports: [{ number: 1, name: 'x' }] } },
      },
      '/ipAddress/discovery: ipAddress/discovery is not allowed for Docker containers',
    ],
    [
      'no network at all',
      { ...app, container: { docker: { image: 'x', network: 'NONE' } } },
      '/container/docker/network: unsupported docker network type None',
    ],
    [
      'old and new mappings',
      {
        ...app,
        container: {
          docker: { image: 'x', network: 'BRIDGE', portMappings: [{ containerPort: 1 }] },
          portMappings: [],
        },
      },
      '/container/docker/portMappings: cannot mix deprecated and canonical network APIs',
    ],
  ],
});

describe('an app with several faults', () => {
  it.each([
    ['', 'A role name must not be empty'],
    ['..', 'A role name must not be ".."'],
    ['-a', 'A role name must not start with "-"'],
    ['a b', 'A role name must not contain whitespace or "/"'],
    ['a/b', 'A role name must not contain whitespace or "/"'],
  ])('is told that %j is no role, as its own and as one whose resources it takes', async (role, message) => {
    expect(await violationsOf({ ...app, role })).toContain(`/role: ${message}`);
    expect(await violationsOf({ ...app, acceptedResourceRoles: [role] })).toContain(
      `/acceptedResourceRoles: ${message}`,
    );
  });

  it('is told that a DVDI volume is there twice', async () => {
    const external = { name: 'v', provider: 'dvdi', options: { 'dvdi/driver': 'rexray' } };
    const volumes = ['x', 'y', 'z'].map((containerPath) => ({ containerPath, mode: 'RW', external }));
    expect(await violationsOf({ ...app, container: { type: 'MESOS', volumes } }, ALL_FEATURES)).toEqual([
      "/container/volumes: Requested DVDI volume 'v' is declared more than once within app /a",
      '/container/volumes: Volume names must be unique',
    ]);
  });

  it('has all of them told, those of the form first', async () => {
    expect(await violationsOf({ cpus: '1', instances: -1, env: { A: {} } })).toEqual([
      '/instances: error.min',
      '/cpus: error.expected.jsnumber',
      '/env/A/secret: error.path.missing',
    ]);
    expect(await violationsOf({ ...app, cmd: 'x', gpus: 1, role: 'foo' })).toEqual([
      '/cmd: must not be an empty string',
      '/gpus: Feature gpu_resources is not enabled. Enable with --enable_features gpu_resources)',
      '/role: got foo, expected one of: [*]',
    ]);
  });

  it('does not bring the reader down, however deep it is nested', async () => {
    let nested: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) nested = { groups: [nested] };
    await expect(readGroup(nested)).rejects.toThrow('nested deeper');
  });
});
