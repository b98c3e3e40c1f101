import { describe, expect, it } from 'vitest';
import { ALL_FEATURES } from '../accept-app.ts';
import type { Refusal } from '../describe-refusals.ts';
import { podViolationsOf } from './accept-pod.ts';

type Fields = Readonly<Record<string, unknown>>;

const exec = { command: { shell: 'sleep 1' } };
const one = { name: 'one', exec };
const two = { name: 'two', exec };
/** A pod with one container that has these fields beside. */
const pod = (container: Fields = {}, fields: Fields = {}): Fields => ({
  id: '/p',
  containers: [{ ...one, ...container }],
  ...fields,
});
const bridge = { networks: [{ mode: 'container/bridge' }] };
const twoNetworks = {
  networks: [
    { mode: 'container', name: 'a' },
    { mode: 'container', name: 'b' },
  ],
};
const endpoints = (...list: readonly Fields[]): Fields => ({ endpoints: list });
const http = { name: 'http', hostPort: 0 };
const persistent = (fields: Fields = {}): Fields => ({
  volumes: [{ name: 'keep', persistent: { size: 10, ...fields } }],
});
const keep = { volumeMounts: [{ name: 'keep', mountPath: 'keep' }] };
const resident = (fields: Fields = {}): Fields =>
  pod(keep, { id: '/prod/p', role: 'prod', ...persistent(), ...fields });
const placement = (fields: Fields): Fields => pod({}, { scheduling: { placement: fields } });
const constraint = (fields: Fields): Fields =>
  placement({ constraints: [{ fieldName: 'hostname', ...fields }] });
const check = (fields: Fields): Fields => pod({ ...endpoints(http), healthCheck: fields });
const secrets = { secrets: { token: { source: '/token' } } };

const REFUSALS: Readonly<Record<string, readonly Refusal[]>> = {
  'what has the wrong form': [
    ['no id', { containers: [one] }, '/id: error.path.missing'],
    ['no containers', { id: '/p' }, '/containers: error.path.missing'],
    ['an empty list of containers', { id: '/p', containers: [] }, '/containers: error.minLength'],
    [
      'a container without a name',
      { id: '/p', containers: [{ exec }] },
      '/containers(0)/name: error.path.missing',
    ],
    ['a name in upper case', pod({ name: 'One' }), '/containers(0)/name: error.pattern'],
    ['a name that ends in a hyphen', pod({ name: 'one-' }), '/containers(0)/name: error.pattern'],
    ['a name of 64 characters', pod({ name: 'a'.repeat(64) }), '/containers(0)/name: error.maxLength'],
    ['an empty user', pod({}, { user: '' }), '/user: error.minLength'],
    ['an empty user of a container', pod({ user: '' }), '/containers(0)/user: error.minLength'],
    ['no CPU at all', pod({ resources: { cpus: 0 } }), '/containers(0)/resources/cpus: error.min'],
    ['no memory at all', pod({ resources: { mem: 0 } }), '/containers(0)/resources/mem: error.min'],
    ['disk below 0', pod({ resources: { disk: -1 } }), '/containers(0)/resources/disk: error.min'],
    ['half a GPU', pod({ resources: { gpus: 0.5 } }), '/containers(0)/resources/gpus: error.expected.int'],
    [
      'memory as text',
      pod({ resources: { mem: '1' } }),
      '/containers(0)/resources/mem: error.expected.jsnumber',
    ],
    [
      'a command as text',
      pod({ exec: { command: 'x' } }),
      '/containers(0)/exec/command: error.expected.jsobject',
    ],
    ['exec without a command', pod({ exec: {} }), '/containers(0)/exec/command: error.path.missing'],
    [
      'an empty command',
      pod({ exec: { command: { shell: '' } } }),
      '/containers(0)/exec/command/shell: error.minLength',
    ],
    [
      'an image of no known kind',
      pod({ image: { kind: 'APPC', id: 'a' } }),
      '/containers(0)/image/kind: error.unknown.enum.literal',
    ],
    [
      'an image without a name',
      pod({ image: { kind: 'DOCKER' } }),
      '/containers(0)/image/id: error.path.missing',
    ],
    [
      'an endpoint without a name',
      pod(endpoints({ hostPort: 0 })),
      '/containers(0)/endpoints(0)/name: error.path.missing',
    ],
    [
      'a container port 0',
      pod(endpoints({ name: 'a', containerPort: 0 }), bridge),
      '/containers(0)/endpoints(0)/containerPort: error.min',
    ],
    [
      'a host port beyond all ports',
      pod(endpoints({ name: 'a', hostPort: 65536 })),
      '/containers(0)/endpoints(0)/hostPort: error.max',
    ],
    [
      'an unknown protocol',
      pod(endpoints({ ...http, protocol: ['sctp'] })),
      '/containers(0)/endpoints(0)/protocol(0): error.unknown.enum.literal',
    ],
    [
      'a protocol that is no list',
      pod(endpoints({ ...http, protocol: 'tcp' })),
      '/containers(0)/endpoints(0)/protocol: error.expected.jsarray',
    ],
    [
      'an empty mount path',
      pod({ volumeMounts: [{ name: 'a', mountPath: '' }] }, { volumes: [{ name: 'a' }] }),
      '/containers(0)/volumeMounts(0)/mountPath: error.minLength',
    ],
    [
      'an empty host path',
      pod(keep, { volumes: [{ name: 'keep', host: '' }] }),
      '/volumes(0)/host: error.minLength',
    ],
    [
      'a persistent volume without a size',
      pod(keep, { volumes: [{ name: 'keep', persistent: {} }] }),
      '/volumes(0)/persistent/size: error.path.missing',
    ],
    [
      'a negative grace period',
      pod({ lifecycle: { killGracePeriodSeconds: -1 } }),
      '/containers(0)/lifecycle/killGracePeriodSeconds: error.min',
    ],
    ['instances below 0', pod({}, { scaling: { instances: -1 } }), '/scaling/instances: error.min'],
    [
      'an unknown kind of scaling',
      pod({}, { scaling: { kind: 'elastic' } }),
      '/scaling/kind: error.unknown.enum.literal',
    ],
    [
      'a back-off below 0',
      pod({}, { scheduling: { backoff: { backoff: -1 } } }),
      '/scheduling/backoff/backoff: error.min',
    ],
    [
      'a back-off that shrinks',
      pod({}, { scheduling: { backoff: { backoffFactor: 0.9 } } }),
      '/scheduling/backoff/backoffFactor: error.min',
    ],
    [
      'a longest back-off below 0',
      pod({}, { scheduling: { backoff: { maxLaunchDelay: -1 } } }),
      '/scheduling/backoff/maxLaunchDelay: error.min',
    ],
    [
      'a capacity above 1',
      pod({}, { scheduling: { upgrade: { minimumHealthCapacity: 1.2 } } }),
      '/scheduling/upgrade/minimumHealthCapacity: error.max',
    ],
    [
      'an unknown kill selection',
      pod({}, { scheduling: { killSelection: 'RANDOM' } }),
      '/scheduling/killSelection: error.unknown.enum.literal',
    ],
    [
      'a constraint in the form of apps',
      placement({ constraints: [['hostname', 'UNIQUE']] }),
      '/scheduling/placement/constraints(0): error.expected.jsobject',
    ],
    [
      'a constraint without an operator',
      constraint({}),
      '/scheduling/placement/constraints(0)/operator: error.path.missing',
    ],
    [
      'an unknown operator',
      constraint({ operator: 'IN' }),
      '/scheduling/placement/constraints(0)/operator: error.unknown.enum.literal',
    ],
    [
      'a value that is a number',
      constraint({ operator: 'MAX_PER', value: 2 }),
      '/scheduling/placement/constraints(0)/value: error.expected.jsstring',
    ],
    [
      'an executor without CPU',
      pod({}, { executorResources: { cpus: 0 } }),
      '/executorResources/cpus: error.min',
    ],
    ['something that is no object', [], '/: error.expected.jsobject'],
  ],
  'its id': [
    ['the root', pod({}, { id: '/' }), '/id: must not be root'],
    ['a blank', pod({}, { id: '/a b' }), expect.stringMatching(/^\/id: must fully match regular expression/)],
  ],
  'what its containers are': [
    [
      'two with the same name',
      pod({}, { containers: [one, one] }),
      '/containers: container names must be unique',
    ],
    [
      'one that has nothing to run',
      pod({ exec: undefined }),
      '/containers(0): must have exec, an image, or both',
    ],
    [
      'a command that is for the shell and is not',
      pod({ exec: { command: { shell: 'x', argv: ['x'] } } }),
      '/containers(0)/exec/command: must have exactly one of shell and argv',
    ],
    [
      'a command that says nothing',
      pod({ exec: { command: {} } }),
      '/containers(0)/exec/command: must have exactly one of shell and argv',
    ],
    [
      'GPUs without the feature',
      pod({ resources: { gpus: 1 } }),
      '/containers(0)/resources/gpus: Feature gpu_resources is not enabled. Enable with --enable_features gpu_resources)',
    ],
    [
      'a limit below what is asked for',
      pod({ resources: { mem: 64 }, resourceLimits: { mem: 32 } }),
      '/containers(0)/resourceLimits/mem: resource limit must be greater than or equal to requested resource (64)',
    ],
    [
      'a limit in other words',
      pod({ resourceLimits: { cpus: 'much' } }),
      "/containers(0)/resourceLimits/cpus: 'much' is an invalid resource limit. It must be 'unlimited' or a number",
    ],
    [
      'an artifact that has no URI',
      pod({ artifacts: [{ uri: 'http://x/y' }, { uri: 'http://x/ y' }] }),
      '/containers(0)/artifacts(1)/uri: URI has invalid syntax.',
    ],
    [
      'neither a seccomp profile nor none',
      pod({ linuxInfo: { seccomp: {} } }),
      '/containers(0)/linuxInfo/seccomp: Seccomp unconfined must be true when Profile is NOT defined',
    ],
    [
      'a seccomp profile and none',
      pod({ linuxInfo: { seccomp: { profileName: 'p', unconfined: true } } }),
      '/containers(0)/linuxInfo/seccomp: Seccomp unconfined can NOT be true when Profile is defined',
    ],
    [
      'memory to share with a shared namespace',
      pod({ linuxInfo: { ipcInfo: { mode: 'SHARE_PARENT', shmSize: 1 } } }),
      '/containers(0)/linuxInfo/ipcInfo/shmSize: ipcInfo shmSize can NOT be set when mode is SHARE_PARENT',
    ],
    [
      'the same of the whole pod',
      pod({}, { linuxInfo: { ipcInfo: { mode: 'SHARE_PARENT', shmSize: 1 } } }),
      '/linuxInfo/ipcInfo/shmSize: ipcInfo shmSize can NOT be set when mode is SHARE_PARENT',
    ],
  ],
  'its networks': [
    [
      'a mixture',
      pod({}, { networks: [{ mode: 'host' }, { mode: 'container', name: 'a' }] }),
      '/networks: Must specify either a single host network, single bridge network, or else 1-to-n container networks',
    ],
    [
      'a host network with a name',
      pod({}, { networks: [{ mode: 'host', name: 'a' }] }),
      '/networks(0): Host networks may not have names or labels',
    ],
    [
      'a bridge with a name',
      pod({}, { networks: [{ mode: 'container/bridge', name: 'a' }] }),
      '/networks(0): Bridge networks may not have names',
    ],
    [
      'a container network without one',
      pod({}, { networks: [{ mode: 'container' }] }),
      '/networks(0)/name: Network name must be specified when container network is selected.',
    ],
    [
      'the same network twice',
      pod({}, { networks: [{ name: 'a' }, { name: 'a' }] }),
      '/networks: Duplicate networks are not allowed',
    ],
  ],
  'its endpoints': [
    [
      'two with the same name',
      pod(
        {},
        {
          containers: [
            { ...one, ...endpoints(http) },
            { ...two, ...endpoints(http) },
          ],
        },
      ),
      '/: endpoint names nust be unique across all containers',
    ],
    [
      'two with the same host port',
      pod(endpoints({ name: 'a', hostPort: 31000 }, { name: 'b', hostPort: 31000 })),
      '/: host ports must be unique across all containers',
    ],
    [
      'two with the same container port',
      pod(endpoints({ name: 'a', containerPort: 80 }, { name: 'b', containerPort: 80 }), bridge),
      '/: container ports must be unique across all containers',
    ],
    [
      'no host port on the network of the host',
      pod(endpoints({ name: 'a' })),
      '/containers(0)/endpoints(0)/hostPort: is required when using host-mode networking',
    ],
    [
      'a container port on the network of the host',
      pod(endpoints({ ...http, containerPort: 80 })),
      '/containers(0)/endpoints(0)/containerPort: may not be set when using host-mode networking',
    ],
    [
      'no container port on a bridge',
      pod(endpoints(http), bridge),
      '/containers(0)/endpoints(0)/containerPort: is required when using container-mode networking',
    ],
    [
      'a network that there is not',
      pod(endpoints({ name: 'a', containerPort: 80, networkNames: ['z'] }), twoNetworks),
      '/containers(0)/endpoints(0)/networkNames: z is not the name of one of the networks',
    ],
    [
      'a host port on one of several networks',
      pod(endpoints({ ...http, containerPort: 80 }), twoNetworks),
      '/containers(0)/endpoints(0)/networkNames: networkNames must be a single item list when hostPort is specified and more than 1 container network is defined',
    ],
  ],
  'its checks': [
    [
      'nothing that is checked',
      check({}),
      '/containers(0)/healthCheck: must have exactly one of http, tcp and exec',
    ],
    [
      'two things that are checked',
      check({ tcp: { endpoint: 'http' }, exec }),
      '/containers(0)/healthCheck: must have exactly one of http, tcp and exec',
    ],
    [
      'an endpoint that there is not',
      check({ http: { endpoint: 'https' } }),
      "/containers(0)/healthCheck/http/endpoint: https is not the name of one of the container's endpoints",
    ],
    [
      'the same of a check',
      pod({ check: { tcp: { endpoint: 'http' } } }),
      "/containers(0)/check/tcp/endpoint: http is not the name of one of the container's endpoints",
    ],
    [
      'a time-out that is as long as the interval',
      check({ tcp: { endpoint: 'http' }, intervalSeconds: 20 }),
      '/containers(0)/healthCheck/timeoutSeconds: timeoutSeconds must be less than intervalSeconds',
    ],
    [
      'a command in two forms',
      check({ exec: { command: { shell: 'x', argv: ['x'] } } }),
      '/containers(0)/healthCheck/exec/command: must have exactly one of shell and argv',
    ],
    [
      'an unknown scheme',
      check({ http: { endpoint: 'http', scheme: 'FTP' } }),
      '/containers(0)/healthCheck/http/scheme: error.unknown.enum.literal',
    ],
    ['no endpoint', check({ tcp: {} }), '/containers(0)/healthCheck/tcp/endpoint: error.path.missing'],
    [
      'an interval of 0',
      check({ exec, intervalSeconds: 0 }),
      '/containers(0)/healthCheck/intervalSeconds: error.min',
    ],
  ],
  'its volumes': [
    [
      'two with the same name',
      pod(keep, { volumes: [{ name: 'keep' }, { name: 'keep' }] }),
      '/volumes: volume names must be unique',
    ],
    [
      'one that nobody mounts',
      pod({}, { volumes: [{ name: 'keep' }] }),
      '/volumes(0): must be mounted by at least one container',
    ],
    [
      'a mount of one that there is not',
      pod(keep),
      '/containers(0)/volumeMounts(0)/name: Referenced Volume in VolumeMount should exist',
    ],
    [
      'two mounts at one path',
      pod(
        {
          volumeMounts: [
            { name: 'a', mountPath: 'x' },
            { name: 'b', mountPath: 'x' },
          ],
        },
        { volumes: [{ name: 'a' }, { name: 'b' }] },
      ),
      '/containers(0)/volumeMounts: mount paths must be unique in a container',
    ],
    [
      'one of two kinds',
      pod(keep, { volumes: [{ name: 'keep', host: '/a', secret: 'token' }], ...secrets }),
      '/volumes(0): must have at most one of host, persistent and secret',
      ALL_FEATURES,
    ],
    [
      'a secret that is not declared',
      pod(keep, { volumes: [{ name: 'keep', secret: 'token' }] }),
      '/volumes(0)/secret: volume.secret must refer to an existing secret',
    ],
    [
      'a largest size of a root disk',
      resident(persistent({ maxSize: 20 })),
      '/volumes(0)/persistent/maxSize: Only mount volumes can have maxSize',
    ],
    [
      'a largest size that is not larger',
      resident(persistent({ type: 'mount', maxSize: 10 })),
      '/volumes(0)/persistent/maxSize: Max size must be larger than size',
    ],
    [
      'constraints on a root disk',
      resident(persistent({ constraints: [['path', 'LIKE', 'x']] })),
      '/volumes(0)/persistent/constraints: Constraints on root volumes are not supported',
    ],
    [
      'constraints on something else',
      resident(persistent({ type: 'path', constraints: [['x', 'LIKE', 'x']] })),
      '/volumes(0)/persistent/constraints(0): must be ["path", "LIKE" or "UNLIKE", a regular expression]',
    ],
  ],
  'its environment and secrets': [
    [
      'a name that begins with a digit',
      pod({}, { environment: { '1A': 'x' } }),
      "/environment/1A: must fully match regular expression '^[a-zA-Z_][a-zA-Z0-9_]{0,253}$'",
    ],
    [
      'a name with a hyphen in a container',
      pod({ environment: { 'A-B': 'x' } }),
      "/containers(0)/environment/A-B: must fully match regular expression '^[a-zA-Z_][a-zA-Z0-9_]{0,253}$'",
    ],
    [
      'a name of 255 characters',
      pod({}, { environment: { [`A${'b'.repeat(254)}`]: 'x' } }),
      expect.stringMatching(/^\/environment\/Ab+: must fully match/),
    ],
    [
      'a value that is a number',
      pod({}, { environment: { A: 1 } }),
      '/environment/A: error.expected.jsstring',
    ],
    [
      'a secret that is not declared',
      pod({}, { environment: { A: { secret: 'token' } } }),
      '/environment/A/secret: references an undefined secret',
    ],
    [
      'the same in a container',
      pod({ environment: { A: { secret: 'token' } } }),
      '/containers(0)/environment/A/secret: references an undefined secret',
    ],
    [
      'credentials that are not declared',
      pod({ image: { kind: 'DOCKER', id: 'a', pullConfig: { secret: 'pull' } } }),
      '/containers(0)/image/pullConfig/secret: pullConfig.secret must refer to an existing secret',
    ],
    [
      'secrets without the feature',
      pod({}, secrets),
      '/secrets: Feature secrets is not enabled. Enable with --enable_features secrets)',
    ],
    [
      'a secret without a source',
      pod({}, { secrets: { token: {} } }),
      '/secrets/token/source: error.path.missing',
    ],
  ],
  'its placement': [
    [
      'a value for UNIQUE',
      constraint({ operator: 'UNIQUE', value: 'x' }),
      '/scheduling/placement/constraints(0): UNIQUE does not accept a value',
    ],
    [
      'a text for GROUP_BY',
      constraint({ operator: 'GROUP_BY', value: 'x' }),
      '/scheduling/placement/constraints(0): GROUP BY must define an integer value or else no value at all',
    ],
    [
      'no value for MAX_PER',
      constraint({ operator: 'MAX_PER' }),
      '/scheduling/placement/constraints(0): MAX_PER requires an integer value',
    ],
    [
      'no value for LIKE',
      constraint({ operator: 'LIKE' }),
      '/scheduling/placement/constraints(0): LIKE and UNLIKE require a non-empty, regular expression value',
    ],
    [
      'a broken expression',
      constraint({ operator: 'UNLIKE', value: '(' }),
      '/scheduling/placement/constraints(0): is not a valid regular expression',
    ],
    [
      'a blank for IS',
      constraint({ operator: 'IS', value: 'a b' }),
      expect.stringMatching(
        /^\/scheduling\/placement\/constraints\(0\): IS only supports Mesos text and float values/,
      ),
    ],
    [
      'accepted roles of others',
      placement({ acceptedResourceRoles: ['foo'] }),
      '/scheduling/placement/acceptedResourceRoles: acceptedResourceRoles can only contain *',
    ],
    [
      'a role that its place does not allow',
      pod({}, { role: 'foo' }),
      '/role: got foo, expected one of: [*]',
    ],
    [
      'a role of another group',
      pod({}, { id: '/prod/p', role: 'dev' }),
      '/role: got dev, expected one of: [*, prod]',
    ],
  ],
  'how it is replaced': [
    [
      'more instances than can be',
      pod({}, { scaling: { instances: 100_001 } }),
      '/scaling/instances: got 100001, expected 100000 or less',
    ],
    [
      'an unknown word as unreachable strategy',
      pod({}, { scheduling: { unreachableStrategy: 'never' } }),
      '/scheduling/unreachableStrategy: error.unknown.enum.literal',
    ],
    [
      'an end before the replacement',
      pod({}, { scheduling: { unreachableStrategy: { inactiveAfterSeconds: 2, expungeAfterSeconds: 1 } } }),
      '/scheduling/unreachableStrategy: inactiveAfterSeconds must be less than or equal to expungeAfterSeconds',
    ],
    [
      'persistent volumes and replacements elsewhere',
      resident({ scheduling: { unreachableStrategy: {} } }),
      '/scheduling/unreachableStrategy: unreachableStrategy must be disabled for resident tasks',
    ],
    [
      'persistent volumes and more instances in an upgrade',
      resident({ scheduling: { upgrade: { maximumOverCapacity: 1 } } }),
      '/scheduling/upgrade/maximumOverCapacity: got 1, expected 0.0',
    ],
    [
      'persistent volumes without a role',
      resident({ role: '*' }),
      '/role: Resident pods cannot have the role *',
    ],
    [
      'persistent volumes on resources that are reserved',
      resident({ scheduling: { placement: { acceptedResourceRoles: ['prod'] } } }),
      '/scheduling/placement/acceptedResourceRoles: A resident pod must have `acceptedResourceRoles = ["*"]`.',
    ],
  ],
};

for (const [about, refusals] of Object.entries(REFUSALS)) {
  describe(`a pod is refused for ${about}:`, () => {
    it.each(refusals)('%s', async (_title, document, violation, settings) => {
      expect(await podViolationsOf(document, settings)).toEqual([violation]);
    });
  });
}

describe('a pod that is refused', () => {
  it('is told everything that is wrong about it at once', async () => {
    const wrong = pod(
      { exec: undefined, ...endpoints({ name: 'a' }) },
      { volumes: [{ name: 'v' }], role: 'foo' },
    );
    expect(await podViolationsOf(wrong)).toEqual([
      '/containers(0): must have exec, an image, or both',
      '/containers(0)/endpoints(0)/hostPort: is required when using host-mode networking',
      '/volumes(0): must be mounted by at least one container',
      '/role: got foo, expected one of: [*]',
    ]);
  });
});
