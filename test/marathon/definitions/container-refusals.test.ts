import { expect } from 'vitest';
import { ALL_FEATURES } from './accept-app.ts';
import { describeRefusals } from './describe-refusals.ts';

const app = { id: '/a', cmd: 'sleep 1' };
const docker = { type: 'DOCKER', docker: { image: 'web:1' } };
const bridge = { networks: [{ mode: 'container/bridge' }], container: docker };
const persistent = { containerPath: 'data', mode: 'RW', persistent: { size: 10 } };
const withVolume = (volume: object) => ({
  ...app,
  id: '/prod/a',
  role: 'prod',
  container: { type: 'MESOS', volumes: [volume] },
});
const csi = {
  name: 'v',
  provider: 'csi',
  options: { capability: { accessMode: 'SINGLE_NODE_WRITER', accessType: 'mount' } },
};
const withCsi = (options: object) =>
  withVolume({
    containerPath: 'x',
    mode: 'RW',
    external: { ...csi, options: { pluginName: 'p', ...csi.options, ...options } },
  });
const dvdi = { name: 'v', provider: 'dvdi', options: { 'dvdi/driver': 'rexray' } };

describeRefusals({
  networks: [
    [
      'two kinds at once',
      { ...app, networks: [{ mode: 'host' }, { name: 'n' }] },
      '/networks: May specify a single host network, single bridge network, or else 1-to-n container networks',
    ],
    [
      'a name for the host',
      { ...app, networks: [{ mode: 'host', name: 'n' }] },
      '/networks(0): Host networks may not have names or labels',
    ],
    [
      'a name for a bridge',
      { ...app, networks: [{ mode: 'container/bridge', name: 'n' }] },
      '/networks(0): Bridge networks may not have names',
    ],
    [
      'no name for a container network',
      { ...app, networks: [{ mode: 'container' }] },
      '/networks(0)/name: Network name must be specified when container network is selected.',
    ],
    [
      'one network twice',
      { ...app, networks: [{ name: 'n' }, { name: 'n' }] },
      '/networks: Duplicate networks are not allowed',
    ],
    [
      'two networks in Docker',
      { ...app, networks: [{ name: 'n' }, { name: 'm' }], container: docker },
      '/networks: may only specify a single container network when using the Docker container engine',
    ],
  ],
  ports: [
    [
      'one number twice',
      { ...app, portDefinitions: [{ port: 8080 }, { port: 8080 }] },
      '/portDefinitions: Ports must be unique.',
    ],
    [
      'one name twice',
      { ...app, portDefinitions: [{ name: 'x' }, { name: 'x' }] },
      '/portDefinitions: Port names must be unique.',
    ],
    [
      'one name twice in mappings',
      { ...app, ...bridge, container: { ...docker, portMappings: [{ name: 'x' }, { name: 'x' }] } },
      '/container/portMappings: Port names must be unique.',
    ],
    [
      'mappings on the host network',
      { ...app, container: { ...docker, portMappings: [{ containerPort: 80 }] } },
      '/container/portMappings: portMappings are not allowed with host-networking',
    ],
    [
      'definitions on a bridge',
      { ...app, ...bridge, portDefinitions: [{ port: 0 }] },
      '/portDefinitions: portDefinitions are only allowed with host-networking',
    ],
    [
      'a host port that could be on two networks',
      {
        ...app,
        networks: [{ name: 'n' }, { name: 'm' }],
        container: { type: 'MESOS', portMappings: [{ containerPort: 80, hostPort: 0 }] },
      },
      '/container/portMappings(0)/networkNames: networkNames must be a single item list when hostPort is specified and more than 1 container network is defined',
    ],
    [
      'a network that the app does not have',
      {
        ...app,
        networks: [{ name: 'n' }],
        container: { type: 'MESOS', portMappings: [{ networkNames: ['m'] }] },
      },
      '/container/portMappings(0)/networkNames: m is not the name of one of the networks',
    ],
    [
      'a name in upper case',
      { ...app, portDefinitions: [{ name: 'X' }] },
      '/portDefinitions(0)/name: error.pattern',
    ],
  ],
  containers: [
    ['Docker without an image', { ...app, container: { type: 'DOCKER' } }, '/container/docker: not defined'],
    [
      'an empty image',
      { ...app, container: { docker: { image: '' } } },
      '/container/docker/image: must not be empty',
    ],
    [
      'pullConfig in Docker',
      {
        ...app,
        secrets: { s: { source: 'x' } },
        container: { docker: { image: 'x', pullConfig: { secret: 's' } } },
      },
      '/container/docker/pullConfig: pullConfig is not supported with Docker containerizer',
      ALL_FEATURES,
    ],
    [
      'a pullConfig whose secret there is not',
      { ...app, container: { type: 'MESOS', docker: { image: 'x', pullConfig: { secret: 's' } } } },
      '/container/docker/pullConfig/secret: pullConfig.secret must refer to an existing secret',
    ],
    [
      'both ways of seccomp',
      {
        ...app,
        container: { type: 'MESOS', linuxInfo: { seccomp: { profileName: 'p', unconfined: true } } },
      },
      '/container/linuxInfo/seccomp: Seccomp unconfined can NOT be true when Profile is defined',
    ],
    [
      'shared memory of a shared namespace',
      { ...app, container: { type: 'MESOS', linuxInfo: { ipcInfo: { mode: 'SHARE_PARENT', shmSize: 1 } } } },
      '/container/linuxInfo/ipcInfo/shmSize: ipcInfo shmSize can NOT be set when mode is SHARE_PARENT',
    ],
  ],
  volumes: [
    [
      'a path of several segments for a persistent one',
      withVolume({ ...persistent, containerPath: '/a' }),
      '/container/volumes(0)/containerPath: value must not contain "/"',
    ],
    [
      'maxSize of a root disk',
      withVolume({ ...persistent, persistent: { size: 10, maxSize: 20 } }),
      '/container/volumes(0)/persistent/maxSize: Only mount volumes can have maxSize',
    ],
    [
      'maxSize below size',
      withVolume({ ...persistent, persistent: { type: 'mount', size: 10, maxSize: 5 } }),
      '/container/volumes(0)/persistent/maxSize: Max size must be larger than size',
    ],
    [
      'constraints on a root disk',
      withVolume({ ...persistent, persistent: { size: 1, constraints: [['path', 'LIKE', '/x']] } }),
      '/container/volumes(0)/persistent/constraints: Constraints on root volumes are not supported',
    ],
    [
      'no size',
      withVolume({ containerPath: 'x', mode: 'RW', persistent: {} }),
      '/container/volumes(0)/persistent/size: error.path.missing',
    ],
    [
      'no mode',
      withVolume({ containerPath: '/x', hostPath: '/y' }),
      '/container/volumes(0)/mode: error.path.missing',
    ],
    [
      'two kinds in one',
      withVolume({ ...persistent, hostPath: '/x' }),
      '/container/volumes(0): must have exactly one of hostPath, persistent, external and secret',
    ],
    [
      'a secret that there is not',
      withVolume({ containerPath: '/x', secret: 's' }),
      '/container/volumes(0)/secret: volume.secret must refer to an existing secret',
    ],
    [
      'external ones without the feature',
      withVolume({ containerPath: 'x', mode: 'RW', external: dvdi }),
      '/container/volumes(0): Feature external_volumes is not enabled. Enable with --enable_features external_volumes)',
    ],
    [
      'an external one of nobody',
      withVolume({ containerPath: 'x', mode: 'RW', external: { ...dvdi, provider: 'nfs' } }),
      '/container/volumes(0)/external/provider: is unknown provider',
      ALL_FEATURES,
    ],
    [
      'two instances of one external volume',
      { ...withVolume({ containerPath: 'x', mode: 'RW', external: dvdi }), instances: 2 },
      '/instances: Number of instances is limited to 1 when declaring DVDI volumes in app [/prod/a]',
      ALL_FEATURES,
    ],
    [
      'a shared external volume twice',
      {
        ...app,
        container: {
          type: 'MESOS',
          volumes: [
            { containerPath: 'x', mode: 'RW', external: { ...dvdi, shared: true } },
            { containerPath: 'y', mode: 'RW', external: { ...dvdi, shared: true } },
          ],
        },
      },
      '/container/volumes: Volume names must be unique',
      ALL_FEATURES,
    ],
    [
      'a CSI volume without a plugin',
      withVolume({ containerPath: 'x', mode: 'RW', external: csi }),
      '/container/volumes(0)/external/options/pluginName: error.path.missing',
      ALL_FEATURES,
    ],
    [
      'mount flags of a CSI volume that are no list',
      withCsi({ capability: { ...csi.options.capability, mountFlags: 'noatime' } }),
      '/container/volumes(0)/external/options/capability/mountFlags: must be an array of strings',
      ALL_FEATURES,
    ],
    [
      'a file system of a CSI volume that is a number',
      withCsi({ capability: { ...csi.options.capability, fsType: 4 } }),
      '/container/volumes(0)/external/options/capability/fsType: error.expected.jsstring',
      ALL_FEATURES,
    ],
    [
      'a context of a CSI volume that is a text',
      withCsi({ volumeContext: 'x' }),
      '/container/volumes(0)/external/options/volumeContext: error.expected.jsobject',
      ALL_FEATURES,
    ],
    [
      'a secret of a CSI volume that is a number',
      withCsi({ nodeStageSecret: { key: 1 } }),
      '/container/volumes(0)/external/options/nodeStageSecret/key: error.expected.jsstring',
      ALL_FEATURES,
    ],
    [
      'a secret of a CSI volume that is not declared',
      withCsi({ nodePublishSecret: { key: 'none' } }),
      '/container/volumes(0)/external/options/nodePublishSecret/key: volume.secret must refer to an existing secret',
      ALL_FEATURES,
    ],
  ],
  secrets: [
    [
      'without the feature',
      { ...app, secrets: { s: { source: 'x' } } },
      '/secrets: Feature secrets is not enabled. Enable with --enable_features secrets)',
    ],
    [
      'one that is not declared',
      { ...app, env: { PASSWORD: { secret: 's' } } },
      '/env/PASSWORD/secret: references an undefined secret',
    ],
  ],
  constraints: [
    [
      'an operator that there is not',
      { ...app, constraints: [['hostname', 'FOO']] },
      '/constraints(0): operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS',
    ],
    [
      'no operator',
      { ...app, constraints: [['x']] },
      '/constraints(0): Each constraint must have either 2 or 3 fields',
    ],
    [
      'UNIQUE with a value',
      { ...app, constraints: [['hostname', 'UNIQUE', 'x']] },
      '/constraints(0): UNIQUE does not accept a value',
    ],
    [
      'GROUP_BY a word',
      { ...app, constraints: [['rack', 'GROUP_BY', 'a']] },
      '/constraints(0): GROUP BY must define an integer value or else no value at all',
    ],
    [
      'MAX_PER nothing',
      { ...app, constraints: [['rack', 'MAX_PER']] },
      '/constraints(0): MAX_PER requires an integer value',
    ],
    [
      'LIKE nothing',
      { ...app, constraints: [['rack', 'LIKE']] },
      '/constraints(0): LIKE and UNLIKE require a non-empty, regular expression value',
    ],
    [
      'UNLIKE half an expression',
      { ...app, constraints: [['rack', 'UNLIKE', '(']] },
      '/constraints(0): is not a valid regular expression',
    ],
    [
      'IS with blanks',
      { ...app, constraints: [['rack', 'IS', 'a b']] },
      expect.stringMatching(/IS only supports Mesos text and float values/),
    ],
  ],
  checks: [
    [
      'a port index beyond the ports',
      { ...app, portDefinitions: [{ port: 0 }], healthChecks: [{ protocol: 'HTTP', portIndex: 5 }] },
      '/healthChecks(0): Health check port indices must address an element of the ports array or container port mappings.',
    ],
    [
      'a health check of an app without ports',
      { ...app, portDefinitions: [], healthChecks: [{ protocol: 'TCP' }] },
      '/healthChecks(0): Health check port indices must address an element of the ports array or container port mappings.',
    ],
    [
      'two checks by the agent',
      { ...app, healthChecks: [{ protocol: 'MESOS_HTTP' }, { protocol: 'MESOS_HTTP' }] },
      '/healthChecks: AppDefinition can contain at most one Mesos health check',
    ],
    [
      'COMMAND without a command',
      { ...app, healthChecks: [{ protocol: 'COMMAND' }] },
      '/healthChecks(0)/command: not defined',
    ],
    [
      'IPv6 outside Docker',
      { ...app, healthChecks: [{ protocol: 'MESOS_TCP', ipProtocol: 'IPv6' }] },
      '/healthChecks(0)/ipProtocol: IPv6 can only be used for container type DOCKER and Mesos http/https/tcp health checks',
    ],
    [
      'port and port index',
      { ...app, healthChecks: [{ port: 80, portIndex: 0 }] },
      '/healthChecks(0): must not specify both port and portIndex',
    ],
    ['a check of nothing', { ...app, check: {} }, '/check: must have exactly one of http, tcp and exec'],
    [
      'a check in Docker',
      { ...app, container: docker, check: { tcp: { portIndex: 0 } } },
      '/check: AppDefinition must not use check with the Docker containerizer',
    ],
    [
      'readiness of a port that there is not',
      { ...app, readinessChecks: [{ portName: 'x' }] },
      '/readinessChecks(0)/portName: No port definition reference for portName x',
    ],
    [
      'readiness that takes longer than its interval',
      { ...app, readinessChecks: [{ portName: 'default', timeoutSeconds: 30 }] },
      '/readinessChecks(0)/timeoutSeconds: timeoutSeconds must be less than intervalSeconds',
    ],
    [
      'two readiness checks',
      { ...app, readinessChecks: [{ portName: 'default' }, { portName: 'default' }] },
      '/readinessChecks: may have at most 1 readiness check',
    ],
  ],
});
