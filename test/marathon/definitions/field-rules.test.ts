import { ALL_FEATURES, violationsOf } from './accept-app.ts';
import { ABSENT, describeFieldRules, type FieldRule } from './describe-field-rules.ts';

/** Every bound, type and choice of every field of an app (marathon.md 2.2 to 2.7). */

const find = (document: unknown): Promise<string[]> => violationsOf(document, ALL_FEATURES);
const text = 'error.expected.jsstring';
const list = 'error.expected.jsarray';
const object = 'error.expected.jsobject';
const truth = 'error.expected.jsboolean';
const number = 'error.expected.jsnumber';
const whole = 'error.expected.int';
const missing = 'error.path.missing';
const min = 'error.min';
const max = 'error.max';
const choice = 'error.unknown.enum.literal';
const fraction = (value: number): string => `got ${value}, expected between 0.0 and 1.0`;

const host = {
  id: '/prod/web',
  role: 'prod',
  cmd: 'sleep 600',
  container: { type: 'MESOS', docker: { image: 'web:1', parameters: [] }, volumes: [] },
  portDefinitions: [{ port: 0, name: 'http-api' }],
  fetch: [{ uri: 'http://files.example/a.tgz' }],
  healthChecks: [{ protocol: 'HTTP', intervalSeconds: 60, timeoutSeconds: 20 }],
  readinessChecks: [{}],
  upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0.5 },
  secrets: { token: { source: '/token' } },
};

const seconds = (path: string, least: number): FieldRule[] => [
  [path, least, least - 1, min],
  [path, 1e6, 1.5, whole],
  [path, 7, '7', number],
];

const port = (path: string, least = 0): FieldRule[] => [
  [path, least, least - 1, min],
  [path, 65_535, 65_536, max],
  [path, 80, '80', number],
];

describeFieldRules('an app', { base: host, find }, [
  ['/id', '/prod/a', ABSENT, missing],
  ['/id', '/prod/a.b-c', 7, text],
  ['/cmd', 'ls', '', 'error.minLength'],
  ['/cmd', 'ls', 'x', 'must not be an empty string'],
  ['/cmd', 'ls', ['ls'], text],
  ['/user', 'nobody', 0, text],
  ['/instances', 0, -1, min],
  ['/instances', 100_000, 100_001, 'got 100001, expected 100000 or less'],
  ['/instances', 2, 2.5, whole],
  ['/cpus', 0.001, 0.0009, min],
  ['/cpus', 1, '1', number],
  ['/mem', 0, -0.1, min],
  ['/mem', 32.5, '32', number],
  ['/disk', 0, -1, min],
  ['/disk', 1, true, number],
  ['/gpus', 0, -1, min],
  ['/gpus', 4, 0.5, whole],
  ['/executor', '//cmd', '///x', 'error.pattern'],
  ['/executor', '/opt/run', 'a//b', 'error.pattern'],
  ['/executorResources/cpus', 0.1, 0.09, min],
  ['/executorResources/mem', 32, 31, min],
  ['/executorResources/disk', 10, 9, min],
  ['/env/A', 'x', 1, text],
  ['/env/A/secret', 'token', 'other', 'references an undefined secret'],
  ['/env/A/secret', 'token', 1, text],
  ['/labels/a', 'x', 1, text],
  ['/role', 'prod', 1, text],
  ['/acceptedResourceRoles', ['*', 'prod'], [], 'error.minLength'],
  ['/acceptedResourceRoles(0)', 'prod', 1, text],
  ['/constraints(0)', ['hostname', 'UNIQUE'], 'hostname UNIQUE', list],
  [
    '/constraints(0)',
    ['rack', 'MAX_PER', '2'],
    ['rack', 'MAX_PER', '2', '3'],
    'Each constraint must have either 2 or 3 fields',
  ],
  ['/requirePorts', true, 'true', truth],
  ['/dependencies(0)', '../db', 1, text],
  ...seconds('/backoffSeconds', 0),
  ['/backoffFactor', 1, 0.99, min],
  ['/backoffFactor', 2.5, '2', number],
  ...seconds('/maxLaunchDelaySeconds', 0),
  ['/upgradeStrategy/minimumHealthCapacity', 0, -0.1, fraction(-0.1)],
  ['/upgradeStrategy/minimumHealthCapacity', 1, 1.1, fraction(1.1)],
  ['/upgradeStrategy/minimumHealthCapacity', 1, ABSENT, missing],
  ['/upgradeStrategy/maximumOverCapacity', 0, -0.1, fraction(-0.1)],
  ['/upgradeStrategy/maximumOverCapacity', 1, 1.1, fraction(1.1)],
  ['/upgradeStrategy/maximumOverCapacity', 1, ABSENT, missing],
  ...seconds('/taskKillGracePeriodSeconds', 0),
  ['/killSelection', 'oldest_first', 'ANY', choice],
  ...seconds('/unreachableStrategy/inactiveAfterSeconds', 0).slice(0, 1),
  ...seconds('/unreachableStrategy/expungeAfterSeconds', 0),
  ['/residency/relaunchEscalationTimeoutSeconds', 0, -1, min],
  ['/residency/taskLostBehavior', 'wait_forever', 'GIVE_UP', choice],
  ['/secrets/token/source', '/x', '', 'error.minLength'],
  ['/secrets/token/source', '/x', ABSENT, missing],
  ['/tty', true, 'yes', truth],
]);

describeFieldRules('what an app is given to start', { base: host, find }, [
  ['/fetch(0)/uri', 'a', '', 'error.minLength'],
  ['/fetch(0)/uri', 'a'.repeat(1024), 'a'.repeat(1025), 'error.maxLength'],
  ['/fetch(0)/uri', 'npm:left-pad', 'http://a b', 'URI has invalid syntax.'],
  ['/fetch(0)/uri', 'a', ABSENT, missing],
  ['/fetch(0)/extract', false, 'no', truth],
  ['/fetch(0)/executable', true, 1, truth],
  ['/fetch(0)/cache', true, 1, truth],
  ['/fetch(0)/destPath', 'a', 1, text],
  ['/container/type', 'mesos', 'LXC', choice],
  ['/container/docker/image', 'web', ABSENT, missing],
  ['/container/docker/image', 'web', '', 'must not be empty'],
  ['/container/docker/forcePullImage', true, 1, truth],
  ['/container/docker/pullConfig', { secret: 'token' }, 'token', object],
  [
    '/container/docker/pullConfig/secret',
    'token',
    'other',
    'pullConfig.secret must refer to an existing secret',
  ],
  ['/container/docker/privileged', false, true, 'privileged is only supported with the Docker containerizer'],
  ['/container/linuxInfo/ipcInfo/mode', 'private', 'NONE', choice],
  ['/container/volumes', [], {}, list],
]);

describeFieldRules('the checks of an app', { base: host, find }, [
  ['/healthChecks(0)/protocol', 'mesos_http', 'UDP', choice],
  ['/healthChecks(0)/path', '/x', 1, text],
  ...port('/healthChecks(0)/port', 1),
  ['/healthChecks(0)/portIndex', 0, -1, min],
  ...seconds('/healthChecks(0)/gracePeriodSeconds', 0),
  ...seconds('/healthChecks(0)/intervalSeconds', 1),
  ...seconds('/healthChecks(0)/timeoutSeconds', 1),
  ...seconds('/healthChecks(0)/maxConsecutiveFailures', 0),
  ...seconds('/healthChecks(0)/delaySeconds', 0),
  ['/healthChecks(0)/ignoreHttp1xx', true, 1, truth],
  ['/healthChecks(0)/ipProtocol', 'ipv4', 'IPv5', choice],
  ['/readinessChecks(0)/name', 'a', '', 'error.minLength'],
  ['/readinessChecks(0)/protocol', 'https', 'TCP', choice],
  ['/readinessChecks(0)/path', '/', '', 'error.minLength'],
  ['/readinessChecks(0)/portName', 'http-api', 'x', 'No port definition reference for portName x'],
  ['/readinessChecks(0)/timeoutSeconds', 29, 30, 'timeoutSeconds must be less than intervalSeconds'],
  ['/readinessChecks(0)/timeoutSeconds', 1, 0, min],
  ['/readinessChecks(0)/intervalSeconds', 11, 0, min],
  ['/readinessChecks(0)/httpStatusCodesForReady', [200], [], 'error.minLength'],
  ['/readinessChecks(0)/httpStatusCodesForReady', [100, 999], 200, list],
  ['/readinessChecks(0)/preserveLastResponse', true, 1, truth],
]);

const readyAt = (code: number): object => ({
  ...host,
  readinessChecks: [{ httpStatusCodesForReady: [code] }],
});

describeFieldRules('the status codes of readiness', { base: readyAt(200), find }, [
  ['/readinessChecks(0)/httpStatusCodesForReady(0)', 100, 99, min],
  ['/readinessChecks(0)/httpStatusCodesForReady(0)', 999, 1000, max],
]);

const checked = (check: object): object => ({ ...host, check });

describeFieldRules('a check that is only watched', { base: checked({ http: { portIndex: 0 } }), find }, [
  ['/check/http/path', '/x', 1, text],
  ['/check/http/scheme', 'https', 'FTP', choice],
  ...seconds('/check/intervalSeconds', 1),
  ...seconds('/check/timeoutSeconds', 1),
  ...seconds('/check/delaySeconds', 0),
]);

describeFieldRules('a check by a command', { base: checked({ exec: { command: { shell: 'ls' } } }), find }, [
  [
    '/check/exec/command',
    { argv: ['ls'] },
    { shell: 'ls', argv: ['ls'] },
    'must have exactly one of shell and argv',
  ],
  ['/check/exec/command', { argv: ['ls'] }, {}, 'must have exactly one of shell and argv'],
]);

const command = { ...host, healthChecks: [{ protocol: 'COMMAND', command: { value: 'ls' } }] };

describeFieldRules('a health check by a command', { base: command, find }, [
  ['/healthChecks(0)/command/value', 'ls', '', 'error.minLength'],
  ['/healthChecks(0)/command/value', 'ls', ABSENT, missing],
  ['/healthChecks(0)/command', { value: 'ls' }, ABSENT, 'not defined'],
]);

describeFieldRules('ports on the host', { base: host, find }, [
  ...port('/portDefinitions(0)/port'),
  ['/portDefinitions(0)/protocol', 'udp,tcp', 'sctp', choice],
  ['/portDefinitions(0)/labels/VIP_0', 'web:80', 80, text],
]);

const named = (name: string): object => ({
  ...host,
  readinessChecks: [],
  portDefinitions: [{ port: 0, name }],
});

describeFieldRules('names of ports', { base: named('a'), find }, [
  ['/portDefinitions(0)/name', 'a-1', 'a-', 'error.pattern'],
  ['/portDefinitions(0)/name', 'a'.repeat(100), 'A', 'error.pattern'],
]);

const { cmd: _cmd, ...withoutCommand } = host;

describeFieldRules('arguments', { base: { ...withoutCommand, args: ['ls'] }, find }, [
  ['/args', ['ls', '-l'], 'ls', list],
  ['/args(0)', '', 1, text],
]);

const mapped = {
  id: '/web',
  networks: [{ mode: 'container', name: 'dcos' }],
  container: { type: 'DOCKER', docker: { image: 'web:1' }, portMappings: [{ containerPort: 80 }] },
};

describeFieldRules('networks and mapped ports', { base: mapped, find }, [
  ...port('/container/portMappings(0)/containerPort'),
  ...port('/container/portMappings(0)/hostPort'),
  ...port('/container/portMappings(0)/servicePort'),
  ['/container/portMappings(0)/protocol', 'UDP', 'icmp', choice],
  ['/container/portMappings(0)/name', 'a', 'a_b', 'error.pattern'],
  ['/container/portMappings(0)/labels/VIP_0', 'web:80', 80, text],
  ['/container/portMappings(0)/networkNames', ['dcos'], ['x'], 'x is not the name of one of the networks'],
  ['/networks(0)/mode', 'CONTAINER', 'none', choice],
  ['/networks(0)/name', 'a_b-c', 'a_', 'error.pattern'],
  ['/networks(0)/name', 'a'.repeat(63), 'a'.repeat(64), 'error.maxLength'],
  ['/networks(0)/labels/a', 'x', 1, text],
]);

const withVolume = (volume: object): object => ({
  ...host,
  upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
  container: { type: 'MESOS', volumes: [volume] },
});
const volume = '/container/volumes(0)';

describeFieldRules(
  'a volume of the host',
  {
    base: withVolume({ containerPath: '/data', hostPath: '/data', mode: 'RW' }),
    find,
  },
  [
    [`${volume}/containerPath`, '/x', '', 'error.minLength'],
    [`${volume}/containerPath`, '/x', ABSENT, missing],
    [`${volume}/hostPath`, '/x', '', 'error.minLength'],
    [`${volume}/mode`, 'ro', 'RX', choice],
    [`${volume}/mode`, 'RO', ABSENT, missing],
  ],
);

const mount = { type: 'mount', size: 10, maxSize: 20 };

describeFieldRules(
  'a persistent volume',
  {
    base: withVolume({ containerPath: 'data', mode: 'RW', persistent: mount }),
    find,
  },
  [
    [`${volume}/containerPath`, 'x.y', '/x', 'value must not contain "/"'],
    [`${volume}/containerPath`, 'x', '..', 'value must not be ".."'],
    [`${volume}/persistent/size`, 1, 0, min],
    [`${volume}/persistent/size`, 1, ABSENT, missing],
    [`${volume}/persistent/maxSize`, 11, 10, 'Max size must be larger than size'],
    [`${volume}/persistent/type`, 'MOUNT', 'tape', choice],
    [
      `${volume}/persistent/constraints(0)`,
      ['path', 'UNLIKE', '/slow.*'],
      ['path', 'LIKE', '('],
      'must be ["path", "LIKE" or "UNLIKE", a regular expression]',
    ],
  ],
);

describeFieldRules(
  'an external volume',
  {
    base: withVolume({
      containerPath: 'data',
      mode: 'RW',
      external: { name: 'v', provider: 'dvdi', options: { 'dvdi/driver': 'rexray' } },
    }),
    find,
  },
  [
    [`${volume}/external/name`, 'v', '', 'error.minLength'],
    [`${volume}/external/name`, 'v', ABSENT, missing],
    [`${volume}/external/provider`, 'dvdi', 'nfs', 'is unknown provider'],
    [`${volume}/external/provider`, 'dvdi', ABSENT, missing],
    [`${volume}/external/size`, 1, 0, min],
    [`${volume}/external/shared`, true, 'yes', truth],
    [
      '/instances',
      1,
      2,
      'Number of instances is limited to 1 when declaring DVDI volumes in app [/prod/web]',
    ],
    ['/upgradeStrategy/maximumOverCapacity', 0, 1, 'got 1, expected 0.0'],
  ],
);

describeFieldRules(
  'a secret in a file',
  { base: withVolume({ containerPath: 'token', secret: 'token' }), find },
  [
    [`${volume}/secret`, 'token', 'other', 'volume.secret must refer to an existing secret'],
    [`${volume}/secret`, 'token', 1, text],
  ],
);
