import type {
  CommandInfo,
  DiscoveryInfo,
  ExecutorInfo,
  Port,
  Resource,
  TaskInfo,
  ValueScalar,
} from '../../../mesos/generated/mesos.ts';
import type { Random } from '../../../runtime/random.ts';
import type { AppDefinition, ResourceLimit } from '../../definitions/app.ts';
import { usesHostNetwork } from '../../definitions/app-facts.ts';
import { segmentsOf } from '../../definitions/path-id.ts';
import { executorPathOf } from '../executor-path.ts';
import { buildCheck, buildHealthCheck } from './check-infos.ts';
import { buildContainer } from './container-info.ts';
import { type EffectivePort, effectivePorts, protocolsOf } from './effective-ports.ts';
import { buildEnvironment } from './environment.ts';
import { labelsOf } from './labels-of.ts';
import { splitExecutorResources } from './split-executor-resources.ts';

const NANOSECONDS_PER_SECOND = 1_000_000_000;

export interface TaskFacts {
  readonly app: AppDefinition;
  readonly taskId: string;
  readonly agentId: string;
  readonly hostname: string;
  /** Taken from an offer: what the task uses, and its executor if it has one of its own. */
  readonly resources: readonly Resource[];
  readonly hostPorts: readonly number[];
  readonly isRoleEnforced: boolean;
  /** What the agent calls the network of bridge mode. */
  readonly bridgeName: string;
  /** Of HOST and of all PORT variables. */
  readonly envVarsPrefix: string;
  readonly random: Random;
}

/** What the master is told to launch for an instance of an app (marathon.md 3.21). */
export const buildTask = (facts: TaskFacts): TaskInfo => {
  const { app, taskId, agentId, hostname, hostPorts, isRoleEnforced, envVarsPrefix } = facts;
  const ports = effectivePorts(app, hostPorts, facts.random);
  const environment = buildEnvironment({ app, taskId, hostname, ports, isRoleEnforced, envVarsPrefix });
  const command: CommandInfo = { ...commandOf(app), environment, ...urisOf(app), ...userOf(app) };
  const container = buildContainer(app, { taskId, ports, bridgeName: facts.bridgeName });
  const healthCheck = buildHealthCheck(app, ports);
  const check = buildCheck(app, ports);
  const limits = limitsOf(app);
  const { task, executor } = splitExecutorResources(app, facts.resources);
  const executorPath = executorPathOf(app);
  return {
    name: discoveryName(app.id),
    task_id: { value: taskId },
    agent_id: { value: agentId },
    resources: task,
    ...(executorPath === undefined
      ? { command, ...(container ? { container } : {}) }
      : { executor: customExecutor({ app, taskId, command, resources: executor, path: executorPath }) }),
    ...(healthCheck ? { health_check: healthCheck } : {}),
    ...(check ? { check } : {}),
    ...(app.taskKillGracePeriodSeconds === undefined
      ? {}
      : {
          kill_policy: {
            grace_period: { nanoseconds: app.taskKillGracePeriodSeconds * NANOSECONDS_PER_SECOND },
          },
        }),
    ...(limits ? { limits } : {}),
    ...labelsOf(app.labels),
    discovery: discoveryOf(app, ports),
  };
};

/** `/prod/web` is known as `web.prod`. */
const discoveryName = (appId: string): string => segmentsOf(appId).reverse().join('.');

const commandOf = (app: AppDefinition): CommandInfo => {
  if (app.cmd !== undefined) return { shell: true, value: app.cmd };
  const { args = [] } = app;
  const [program] = args;
  const hasImage = app.container?.docker !== undefined;
  return {
    shell: false,
    ...(args.length === 0 ? {} : { arguments: [...args] }),
    ...(hasImage || program === undefined ? {} : { value: program }),
  };
};

const urisOf = ({ fetch }: AppDefinition): Pick<CommandInfo, 'uris'> =>
  fetch.length === 0
    ? {}
    : {
        uris: fetch.map(({ uri, extract, executable, cache, destPath }) => ({
          value: uri,
          extract,
          executable,
          cache,
          ...(destPath === undefined ? {} : { output_file: destPath }),
        })),
      };

const userOf = ({ user }: AppDefinition): Pick<CommandInfo, 'user'> => (user === undefined ? {} : { user });

const customExecutor = ({
  app,
  taskId,
  command,
  resources,
  path,
}: {
  app: AppDefinition;
  taskId: string;
  command: CommandInfo;
  resources: Resource[];
  path: string;
}): ExecutorInfo => ({
  executor_id: { value: `marathon-${taskId}` },
  command: {
    ...command,
    shell: true,
    value: `chmod ug+rx '${path}' && exec '${path}' ${app.cmd ?? (app.args ?? []).join(' ')}`,
  },
  ...(resources.length === 0 ? {} : { resources }),
});

const limitsOf = ({ resourceLimits }: AppDefinition): Record<string, ValueScalar> | undefined => {
  const limits = Object.entries(resourceLimits ?? {}).map(([name, limit]: [string, ResourceLimit]) => [
    name,
    { value: limit === 'unlimited' ? Number.POSITIVE_INFINITY : limit },
  ]);
  return limits.length === 0 ? undefined : Object.fromEntries(limits);
};

const discoveryOf = (app: AppDefinition, ports: readonly EffectivePort[]): DiscoveryInfo => ({
  visibility: 'FRAMEWORK',
  name: discoveryName(app.id),
  ports: { ports: ports.flatMap((port) => discoveryPorts(app, port)) },
});

/** Ports are found where they can be reached: on the host if they are there, else in the container's network. */
const discoveryPorts = (app: AppDefinition, port: EffectivePort): Port[] => {
  const isOnHost = port.hostPort !== undefined;
  const network = app.networks.find(({ mode }) => mode === 'container')?.name;
  const networkName = port.networkNames[0] ?? network;
  const scope: Record<string, string> = isOnHost
    ? { 'network-scope': 'host' }
    : {
        'network-scope': 'container',
        ...(usesHostNetwork(app) || networkName === undefined ? {} : { 'network-name': networkName }),
      };
  return protocolsOf(port.protocol).map((protocol) => ({
    number: port.hostPort ?? port.containerPort ?? 0,
    ...(port.name === undefined ? {} : { name: port.name }),
    protocol,
    ...labelsOf({ ...port.labels, ...scope }),
  }));
};
