import type {
  PhaseDefinition,
  Pod,
  ReadinessCheck,
  ServiceDocument,
  TaskDefinition,
  TaskHealthCheck,
} from '../../../schemas/generated/service.ts';
import { variableName } from './names.ts';
import { readPlacement } from './placement-text.ts';
import type {
  HealthSpec,
  PhaseSpec,
  PlanSpec,
  PodSpec,
  ProbeTimes,
  ReadinessSpec,
  ServiceSpec,
  TaskSpec,
} from './spec.ts';

const SECOND_MS = 1_000;
const DEFAULT_FAILOVER_TIMEOUT_SECONDS = 604_800;

/** Makes the description that was checked complete: defaults filled in, units in milliseconds. */
export const completeSpec = (document: ServiceDocument, defaultUser: string): ServiceSpec => {
  const { scheduler = {}, templates = {}, endpoints = {} } = document;
  const name = document.name.replace(/^\//, '');
  const pods = Object.entries(document.pods).map(([pod, definition]) =>
    completePod(pod, definition, templates),
  );
  return {
    name,
    role: scheduler.role ?? defaultRole(name),
    principal: scheduler.principal || undefined,
    user: scheduler.user || defaultUser,
    failoverTimeoutSeconds: scheduler['failover-timeout'] ?? DEFAULT_FAILOVER_TIMEOUT_SECONDS,
    pods,
    plan: completePlan(document, pods),
    endpoints: Object.fromEntries(
      Object.entries(endpoints).map(([endpoint, { template }]) => [endpoint, templates[template] ?? '']),
    ),
  };
};

/** Slashes would make it a role below another one. */
const defaultRole = (name: string): string => `${name.replaceAll('/', '__')}-role`;

type Templates = Readonly<Record<string, string>>;

const completePod = (name: string, pod: Pod, templates: Templates): PodSpec => {
  const volumes = (pod.volumes ?? []).map(({ path, size }) => ({ path, sizeMiB: size }));
  return {
    name,
    count: pod.count ?? 1,
    placement: readPlacement(pod.placement),
    volumes,
    tasks: Object.entries(pod.tasks).map(([task, definition]) =>
      completeTask(task, definition, { templates, volumes: volumes.map(({ path }) => path) }),
    ),
  };
};

const completeTask = (
  name: string,
  task: TaskDefinition,
  { templates, volumes }: { templates: Templates; volumes: readonly string[] },
): TaskSpec => {
  const grace = task['kill-grace-period'];
  return {
    name,
    goal: task.goal,
    command: task.cmd,
    image: task.image || undefined,
    cpus: task.cpus,
    memMiB: task.memory,
    volumes: task.volumes ?? volumes,
    ports: Object.entries(task.ports ?? {}).map(([port, definition]) => ({
      name: port,
      port: definition.port ?? 0,
      variable: definition['env-key'] ?? variableName('port', port),
    })),
    environment: Object.fromEntries(
      Object.entries(task.env ?? {}).map(([key, value]) => [key, String(value)]),
    ),
    uris: (task.uris ?? []).map((uri) => {
      if (typeof uri === 'string') return { uri };
      const { 'output-file': outputFile, ...rest } = uri;
      return { ...rest, ...(outputFile === undefined ? {} : { outputFile }) };
    }),
    configs: Object.values(task.configs ?? {}).map(({ template, dest }) => ({
      template: templates[template] ?? '',
      destination: dest,
    })),
    readiness: completeReadiness(task['readiness-check']),
    health: completeHealth(task['health-check']),
    killGraceMs: grace === undefined ? undefined : grace * SECOND_MS,
  };
};

const completeReadiness = (check: ReadinessCheck | undefined): ReadinessSpec | undefined => {
  if (!check) return undefined;
  const times = probeTimes({ delay: 0, interval: 5, timeout: 10, ...check });
  if (check.http) {
    const { port, path = '/', body } = check.http;
    return { type: 'http', port, path, body, ...times };
  }
  if (check.tcp) return { type: 'tcp', port: check.tcp.port, ...times };
  return { type: 'command', command: check.cmd ?? '', ...times };
};

const completeHealth = (check: TaskHealthCheck | undefined): HealthSpec | undefined =>
  check && {
    command: check.cmd,
    ...probeTimes({ delay: 0, interval: 10, timeout: 20, ...check }),
    gracePeriodMs: (check['grace-period'] ?? 10) * SECOND_MS,
    maxConsecutiveFailures: check['max-consecutive-failures'] ?? 3,
  };

const probeTimes = (seconds: { delay: number; interval: number; timeout: number }): ProbeTimes => ({
  delayMs: seconds.delay * SECOND_MS,
  intervalMs: seconds.interval * SECOND_MS,
  timeoutMs: seconds.timeout * SECOND_MS,
});

/** Without a plan the pods are deployed one after another, in the order in which they stand. */
const completePlan = ({ plans }: ServiceDocument, pods: readonly PodSpec[]): PlanSpec => {
  const deploy = plans?.deploy;
  const phases: readonly (PhaseDefinition & { name: string })[] = deploy
    ? Object.entries(deploy.phases).map(([name, phase]) => ({ name, ...phase }))
    : pods.map(({ name }) => ({ name, pod: name }));
  return {
    name: 'deploy',
    strategy: deploy?.strategy ?? 'serial',
    phases: phases.map(
      ({ name, pod, strategy, tasks }): PhaseSpec => ({
        name,
        pod,
        strategy: strategy ?? 'serial',
        tasks: tasks ?? defaultOrder(pods.find((candidate) => candidate.name === pod)),
      }),
    ),
  };
};

const defaultOrder = (pod: PodSpec | undefined): string[] => {
  const tasks = pod?.tasks ?? [];
  const once = tasks.filter(({ goal }) => goal === 'ONCE');
  const running = tasks.filter(({ goal }) => goal === 'RUNNING');
  return [...once, ...running].map(({ name }) => name);
};
