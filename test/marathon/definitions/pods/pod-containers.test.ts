import {
  bridge,
  check,
  describePodRefusals,
  endpoints,
  exec,
  http,
  one,
  pod,
  two,
  twoNetworks,
} from './describe-pod-refusals.ts';

describePodRefusals({
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
});
