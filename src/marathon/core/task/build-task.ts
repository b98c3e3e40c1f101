import type { CommandInfo, ExecutorInfo, Resource, TaskInfo } from '../../../mesos/generated/mesos.ts';
import type { Random } from '../../../runtime/random.ts';
import type { AppDefinition } from '../../definitions/app.ts';
import { segmentsOf } from '../../definitions/path-id.ts';
import { executorPathOf, executorResourcesOf } from '../executor-path.ts';
import { buildCheck, buildHealthCheck } from './check-infos.ts';
import { killPolicyOf, limitsOf, urisOf, userOf } from './command-parts.ts';
import { buildContainer } from './container-info.ts';
import { discoveryPorts } from './discovery-ports.ts';
import { effectivePorts } from './effective-ports.ts';
import { buildEnvironment } from './environment.ts';
import { labelsOf } from './labels-of.ts';
import { takeShare } from './take-share.ts';

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
  const command: CommandInfo = {
    ...commandOf(app),
    environment,
    ...urisOf(app.fetch),
    ...userOf(app.user),
  };
  const container = buildContainer(app, { taskId, ports, bridgeName: facts.bridgeName });
  const healthCheck = buildHealthCheck(app, ports);
  const check = buildCheck(app, ports);
  const { taken: executor, rest: task } = takeShare(facts.resources, executorResourcesOf(app));
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
    ...killPolicyOf(app.taskKillGracePeriodSeconds),
    ...limitsOf(app.resourceLimits),
    ...labelsOf(app.labels),
    discovery: {
      visibility: 'FRAMEWORK',
      name: discoveryName(app.id),
      ports: { ports: ports.flatMap((port) => discoveryPorts(app.networks, port)) },
    },
  };
};

/** `/prod/web` is known as `web.prod`. */
export const discoveryName = (appId: string): string => segmentsOf(appId).reverse().join('.');

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
