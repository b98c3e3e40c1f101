import { ALL_FEATURES } from '../accept-app.ts';
import { ABSENT, describeFieldRules, type FieldRule } from '../describe-field-rules.ts';
import { podViolationsOf } from './accept-pod.ts';

/** Every bound, type and choice of every field of a pod (marathon.md 2.4, 2.9). */

const find = (document: unknown): Promise<string[]> => podViolationsOf(document, ALL_FEATURES);
const text = 'error.expected.jsstring';
const list = 'error.expected.jsarray';
const truth = 'error.expected.jsboolean';
const number = 'error.expected.jsnumber';
const whole = 'error.expected.int';
const missing = 'error.path.missing';
const min = 'error.min';
const max = 'error.max';
const choice = 'error.unknown.enum.literal';
const atLeast = (path: string, least: number): FieldRule[] => [
  [path, least, least - 0.0001, min],
  [path, 1000, '1000', number],
];

const main = {
  name: 'main',
  exec: { command: { shell: 'sleep 600' } },
  endpoints: [{ name: 'http', hostPort: 0 }],
  volumeMounts: [{ name: 'data', mountPath: 'data' }],
};
const pod = {
  id: '/prod/p',
  role: 'prod',
  containers: [main],
  volumes: [{ name: 'data' }],
  secrets: { token: { source: '/token' } },
};
const container = '/containers(0)';

describeFieldRules('a pod', { base: pod, find }, [
  ['/id', '/prod/p', ABSENT, missing],
  ['/id', '/prod/p', '', 'Path must contain at least one path element'],
  ['/id', '/prod/p', 7, text],
  ['/labels/a', 'x', 1, text],
  ['/environment/A', 'x', 1, text],
  ['/environment/A', { secret: 'token' }, 1, text],
  ['/user', 'nobody', '', 'error.minLength'],
  ['/containers', [main], ABSENT, missing],
  ['/role', 'prod', 1, text],
  ['/legacySharedCgroups', true, 1, truth],
  ['/linuxInfo/ipcInfo/mode', 'share_parent', 'NONE', choice],
  ['/scaling/kind', 'FIXED', 'elastic', choice],
  ['/scaling/instances', 0, -1, min],
  ['/scaling/instances', 2, 1.5, whole],
  ...atLeast('/scheduling/backoff/backoff', 0),
  ...atLeast('/scheduling/backoff/backoffFactor', 1),
  ...atLeast('/scheduling/backoff/maxLaunchDelay', 0),
  ['/scheduling/upgrade/minimumHealthCapacity', 0, -0.1, min],
  ['/scheduling/upgrade/minimumHealthCapacity', 1, 1.1, max],
  ['/scheduling/upgrade/maximumOverCapacity', 0, -0.1, min],
  ['/scheduling/upgrade/maximumOverCapacity', 1, 1.1, max],
  [
    '/scheduling/placement/constraints(0)',
    { fieldName: 'hostname', operator: 'unique' },
    [],
    'error.expected.jsobject',
  ],
  ['/scheduling/placement/acceptedResourceRoles', [], 'prod', list],
  ['/scheduling/placement/acceptedResourceRoles(0)', 'prod', 1, text],
  ['/scheduling/killSelection', 'oldest_first', 'ANY', choice],
  ['/scheduling/unreachableStrategy/expungeAfterSeconds', 0, -1, min],
  ...atLeast('/executorResources/cpus', 0.1),
  ...atLeast('/executorResources/mem', 32),
  ...atLeast('/executorResources/disk', 10),
]);

describeFieldRules('a container of a pod', { base: pod, find }, [
  [`${container}/name`, 'a-1', 'a_1', 'error.pattern'],
  [`${container}/name`, 'a'.repeat(63), 'a'.repeat(64), 'error.maxLength'],
  [`${container}/name`, 'a', ABSENT, missing],
  [`${container}/exec/command`, { argv: ['ls'] }, ABSENT, missing],
  [`${container}/exec/command/shell`, 'ls', 1, text],
  [`${container}/exec/overrideEntrypoint`, true, 1, truth],
  ...atLeast(`${container}/resources/cpus`, 0.001),
  ...atLeast(`${container}/resources/mem`, 0.001),
  ...atLeast(`${container}/resources/disk`, 0),
  [`${container}/resources/gpus`, 0, -1, min],
  [`${container}/resources/gpus`, 1, 0.5, whole],
  [
    `${container}/resourceLimits/cpus`,
    'unlimited',
    0.5,
    'resource limit must be greater than or equal to requested resource (1)',
  ],
  [
    `${container}/resourceLimits/mem`,
    128,
    'much',
    "'much' is an invalid resource limit. It must be 'unlimited' or a number",
  ],
  [`${container}/environment/A`, 'x', 1, text],
  [`${container}/user`, 'nobody', '', 'error.minLength'],
  [`${container}/labels/a`, 'x', 1, text],
  [`${container}/tty`, true, 1, truth],
  ...atLeast(`${container}/lifecycle/killGracePeriodSeconds`, 0),
  [`${container}/artifacts(0)/uri`, 'http://a', 'http://a b', 'URI has invalid syntax.'],
  [`${container}/artifacts(0)/uri`, 'a'.repeat(1024), 'a'.repeat(1025), 'error.maxLength'],
]);

const imaged = { ...pod, containers: [{ ...main, image: { kind: 'DOCKER', id: 'web:1' } }] };

describeFieldRules('the image of a container', { base: imaged, find }, [
  [`${container}/image/kind`, 'docker', 'APPC', choice],
  [`${container}/image/kind`, 'DOCKER', ABSENT, missing],
  [`${container}/image/id`, 'a', '', 'error.minLength'],
  [`${container}/image/id`, 'a', ABSENT, missing],
  [`${container}/image/forcePull`, true, 1, truth],
  [`${container}/image/labels/a`, 'x', 1, text],
  [
    `${container}/image/pullConfig/secret`,
    'token',
    'other',
    'pullConfig.secret must refer to an existing secret',
  ],
]);

describeFieldRules('an endpoint', { base: pod, find }, [
  [`${container}/endpoints(0)/name`, 'a-1', 'A', 'error.pattern'],
  [`${container}/endpoints(0)/name`, 'a'.repeat(63), 'a'.repeat(64), 'error.maxLength'],
  [`${container}/endpoints(0)/name`, 'a', ABSENT, missing],
  [`${container}/endpoints(0)/hostPort`, 0, -1, min],
  [`${container}/endpoints(0)/hostPort`, 65_535, 65_536, max],
  [`${container}/endpoints(0)/hostPort`, 1, ABSENT, 'is required when using host-mode networking'],
  [`${container}/endpoints(0)/containerPort`, ABSENT, 80, 'may not be set when using host-mode networking'],
  [`${container}/endpoints(0)/protocol`, ['tcp', 'UDP'], 'tcp', list],
  [`${container}/endpoints(0)/protocol(0)`, 'udp', 'sctp', choice],
  [`${container}/endpoints(0)/labels/VIP_0`, 'a:80', 80, text],
]);

const bridged = {
  ...pod,
  networks: [{ mode: 'container/bridge' }],
  containers: [{ ...main, endpoints: [{ name: 'http', containerPort: 80, hostPort: 0 }] }],
};

describeFieldRules('an endpoint on a bridge', { base: bridged, find }, [
  [`${container}/endpoints(0)/containerPort`, 1, 0, min],
  [`${container}/endpoints(0)/containerPort`, 65_535, 65_536, max],
  [`${container}/endpoints(0)/containerPort`, 1, ABSENT, 'is required when using container-mode networking'],
  [`${container}/endpoints(0)/hostPort`, ABSENT, -1, min],
]);

const healthy = { ...pod, containers: [{ ...main, healthCheck: { http: { endpoint: 'http' } } }] };
const check = `${container}/healthCheck`;

describeFieldRules('a health check of a container', { base: healthy, find }, [
  [`${check}/http/endpoint`, 'http', 'x', "x is not the name of one of the container's endpoints"],
  [`${check}/http/endpoint`, 'http', ABSENT, missing],
  [`${check}/http/path`, '/', 1, text],
  [`${check}/http/scheme`, 'https', 'FTP', choice],
  [`${check}/gracePeriodSeconds`, 0, -1, min],
  [`${check}/intervalSeconds`, 21, 0, min],
  [`${check}/timeoutSeconds`, 59, 60, 'timeoutSeconds must be less than intervalSeconds'],
  [`${check}/timeoutSeconds`, 1, 0, min],
  [`${check}/maxConsecutiveFailures`, 0, -1, min],
  [`${check}/delaySeconds`, 0, -1, min],
]);

describeFieldRules('volumes and their mounts', { base: pod, find }, [
  [`${container}/volumeMounts(0)/name`, 'data', ABSENT, missing],
  [`${container}/volumeMounts(0)/mountPath`, '/x', '', 'error.minLength'],
  [`${container}/volumeMounts(0)/mountPath`, 'a'.repeat(1024), 'a'.repeat(1025), 'error.maxLength'],
  [`${container}/volumeMounts(0)/mountPath`, '/x', ABSENT, missing],
  [`${container}/volumeMounts(0)/readOnly`, true, 1, truth],
  ['/volumes(0)/name', 'data', ABSENT, missing],
  ['/volumes(0)/host', '/data', '', 'error.minLength'],
  ['/volumes(0)/secret', 'token', 'other', 'volume.secret must refer to an existing secret'],
]);

const resident = {
  ...pod,
  volumes: [{ name: 'data', persistent: { type: 'mount', size: 10, maxSize: 20 } }],
};

describeFieldRules('a persistent volume of a pod', { base: resident, find }, [
  ['/volumes(0)/persistent/size', 1, 0, min],
  ['/volumes(0)/persistent/size', 1, ABSENT, missing],
  ['/volumes(0)/persistent/maxSize', 11, 10, 'Max size must be larger than size'],
  ['/volumes(0)/persistent/type', 'MOUNT', 'tape', choice],
  ['/scheduling/upgrade/maximumOverCapacity', 0, 1, 'got 1, expected 0.0'],
  [
    '/scheduling/unreachableStrategy',
    'disabled',
    { inactiveAfterSeconds: 1, expungeAfterSeconds: 2 },
    'unreachableStrategy must be disabled for resident tasks',
  ],
  ['/role', 'prod', '*', 'Resident pods cannot have the role *'],
]);
