import type { Environment, EnvironmentVariable } from '../../../mesos/generated/mesos.ts';
import type { AppDefinition } from '../../definitions/app.ts';
import type { EffectivePort } from './effective-ports.ts';
import { decimalText, labelVariables, ownVariable } from './variables.ts';

export interface EnvironmentFacts {
  readonly app: AppDefinition;
  readonly taskId: string;
  readonly hostname: string;
  readonly ports: readonly EffectivePort[];
  /** The app's top-level group wants all roles to be its own. */
  readonly isRoleEnforced: boolean;
  /** Of HOST and of all PORT variables; Marathon's --env_vars_prefix. */
  readonly envVarsPrefix: string;
}

/** The environment of a task (marathon.md 3.18); what the app itself sets has the last word. */
export const buildEnvironment = (facts: EnvironmentFacts): Environment => {
  const { app } = facts;
  const variables = new Map<string, EnvironmentVariable>();
  const prefixed = Object.entries({ HOST: facts.hostname, ...portVariables(facts.ports) }).map(
    ([name, value]) => [`${facts.envVarsPrefix}${name}`, value],
  );
  const own: Record<string, string> = {
    ...appVariables(facts),
    ...labelVariables(app.labels),
    ...Object.fromEntries(prefixed),
  };
  for (const [name, value] of Object.entries(own)) variables.set(name, { name, type: 'VALUE', value });
  for (const [name, value] of Object.entries(app.env)) variables.set(name, ownVariable(app, name, value));
  return { variables: [...variables.values()] };
};

const appVariables = ({ app, taskId, isRoleEnforced }: EnvironmentFacts): Record<string, string> => ({
  MESOS_TASK_ID: taskId,
  MARATHON_APP_ID: app.id,
  MARATHON_APP_VERSION: app.version,
  ...(app.container?.type === 'DOCKER' && app.container.docker
    ? { MARATHON_APP_DOCKER_IMAGE: app.container.docker.image }
    : {}),
  MARATHON_APP_RESOURCE_CPUS: decimalText(app.cpus),
  MARATHON_APP_RESOURCE_MEM: decimalText(app.mem),
  MARATHON_APP_RESOURCE_DISK: decimalText(app.disk),
  MARATHON_APP_RESOURCE_GPUS: String(app.gpus),
  MARATHON_APP_ENFORCE_GROUP_ROLE: isRoleEnforced ? 'TRUE' : 'FALSE',
});

const portVariables = (ports: readonly EffectivePort[]): Record<string, string> => {
  const variables: Record<string, string> = {};
  ports.forEach((port, index) => {
    const value = String(port.hostPort ?? port.containerPort ?? 0);
    variables[`PORT${index}`] = value;
    variables[`PORT_${port.requested === 0 ? value : port.requested}`] = value;
    if (port.name !== undefined) variables[`PORT_${port.name.toUpperCase()}`] = value;
  });
  const listed = [
    ...ports.flatMap(({ hostPort }) => (hostPort === undefined ? [] : [hostPort])),
    ...ports.flatMap(({ isGenerated, containerPort }) =>
      isGenerated && containerPort !== undefined ? [containerPort] : [],
    ),
  ];
  const [first] = listed;
  if (first === undefined) return variables;
  return { ...variables, PORT: String(first), PORTS: listed.join(',') };
};
