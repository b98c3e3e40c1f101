import type { Environment, EnvironmentVariable, Secret } from '../../../mesos/generated/mesos.ts';
import type { AppDefinition } from '../../definitions/app.ts';
import type { EffectivePort } from './effective-ports.ts';

const LABEL_PREFIX = 'MARATHON_APP_LABEL_';
const LONGEST_LABEL = 512;

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
  for (const [name, value] of Object.entries(app.env)) {
    variables.set(
      name,
      typeof value === 'string'
        ? { name, type: 'VALUE', value }
        : { name, type: 'SECRET', secret: secretReference(app, value.secret) },
    );
  }
  return { variables: [...variables.values()] };
};

/** How Mesos is told where to find one of the app's secrets. */
export const secretReference = ({ secrets }: AppDefinition, name: string): Secret => ({
  type: 'REFERENCE',
  reference: { name: secrets[name]?.source ?? name },
});

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

/** With at least one decimal, as clients know it: `128.0`. */
const decimalText = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

const labelVariables = (labels: Readonly<Record<string, string>>): Record<string, string> => {
  const usable = Object.entries(labels).filter(
    ([key, value]) => key.length < LONGEST_LABEL - LABEL_PREFIX.length && value.length < LONGEST_LABEL,
  );
  const names = usable.map(([key]) => key.replaceAll(/[^A-Za-z0-9_]+/g, '_').toUpperCase());
  return {
    MARATHON_APP_LABELS: names.join(' '),
    ...Object.fromEntries(usable.map(([, value], index) => [`${LABEL_PREFIX}${names[index]}`, value])),
  };
};

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
