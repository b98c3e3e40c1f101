import { CONSTRAINT_OPERATORS, type Constraint } from '../../marathon/definitions/constraint.ts';
import type { Resource } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import type {
  AgentPlan,
  Amounts,
  FrameworkPlan,
  RolePlan,
  RunningTask,
  TaskKind,
} from '../scenario/scenario.ts';
import { ScenarioError } from '../scenario/scenario-error.ts';
import { ReservedFirst } from './reserved-first.ts';
import {
  attributesAt,
  isObject,
  type Json,
  listAt,
  objectAt,
  resourcesAt,
  StateDefect,
  textAt,
} from './state-fields.ts';

const MOST_AGENTS = 100_000;
const MOST_TASKS = 1_000_000;
const REFUSE_SECONDS = 5;

/** What a cluster says of itself. */
export interface SituationSource {
  /** How it is called in errors: a path, a URL. */
  readonly name: string;
  /** As /state of a master answers. */
  readonly state: unknown;
  /** As /roles answers: weights and quotas. */
  readonly roles?: unknown;
  /** The `apps` of Marathon's /v2/apps: constraints of its tasks. */
  readonly apps?: unknown;
}

/** The agents, frameworks and roles of a cluster that is there. */
export interface Situation {
  readonly agents: readonly AgentPlan[];
  readonly frameworks: readonly FrameworkPlan[];
  readonly roles: ReadonlyMap<string, RolePlan>;
}

/**
 * Reads the situation that a cluster is in. Tasks of one name and one shape are an app; what a framework loses of it, it
 * wants back. Throws ScenarioError.
 */
export const readSituation = (source: SituationSource): Situation => {
  try {
    return read(source);
  } catch (error) {
    if (!(error instanceof StateDefect)) throw error;
    throw new ScenarioError(source.name, [{ path: error.path, message: error.message }]);
  }
};

const read = ({ state, roles, apps }: SituationSource): Situation => {
  if (!isObject(state) || !Array.isArray(state.slaves) || !Array.isArray(state.frameworks)) {
    throw new StateDefect('', "is no master's /state: it has no slaves and frameworks");
  }
  const slaves = listAt(state, 'slaves', '');
  if (slaves.length > MOST_AGENTS) {
    throw new StateDefect('/slaves', `are ${slaves.length} agents, at most ${MOST_AGENTS} can be`);
  }
  const agents = slaves.map((slave, index) => readAgent(slave, `/slaves/${index}`));
  const reserved = new ReservedFirst(agents);
  const constraints = constraintsOf(apps);
  const frameworks = listAt(state, 'frameworks', '').flatMap((framework, index) =>
    readFramework(framework, `/frameworks/${index}`, { reserved, constraints }),
  );
  const taskCount = frameworks.reduce((sum, { running }) => sum + running.length, 0);
  if (taskCount > MOST_TASKS) {
    throw new StateDefect('/frameworks', `have ${taskCount} tasks, at most ${MOST_TASKS} can be`);
  }
  return { agents, frameworks, roles: rolesOf(roles) };
};

const readAgent = (slave: Json, path: string): AgentPlan => {
  const reserved = objectAt(slave, 'reserved_resources', path);
  const ofRoles = Object.keys(reserved).flatMap((role) =>
    resourcesAt(reserved, role, `${path}/reserved_resources`).map(
      (resource): Resource => ({ ...resource, reservations: [{ type: 'STATIC', role }] }),
    ),
  );
  const key = slave.unreserved_resources === undefined ? 'resources' : 'unreserved_resources';
  const { region, zone } = domainOf(slave);
  return {
    id: textAt(slave, 'id', path),
    hostname: textAt(slave, 'hostname', path),
    className: 'agent',
    resources: [...resourcesAt(slave, key, path), ...ofRoles],
    attributes: attributesAt(slave, path),
    ...(region === undefined ? {} : { region, zone: zone ?? region }),
    joinsMs: 0,
  };
};

const domainOf = (slave: Json): { region?: string | undefined; zone?: string | undefined } => {
  const domain = isObject(slave.domain) ? slave.domain.fault_domain : undefined;
  const nameOf = (value: unknown): string | undefined =>
    isObject(value) && typeof value.name === 'string' ? value.name : undefined;
  return isObject(domain) ? { region: nameOf(domain.region), zone: nameOf(domain.zone) } : {};
};

const readFramework = (
  framework: Json,
  path: string,
  {
    reserved,
    constraints,
  }: { reserved: ReservedFirst; constraints: ReadonlyMap<string, readonly Constraint[]> },
): FrameworkPlan[] => {
  const id = textAt(framework, 'id', path);
  const name = typeof framework.name === 'string' && framework.name !== '' ? framework.name : id;
  const kinds = new Map<string, TaskKind>();
  const running = listAt(framework, 'tasks', path).flatMap((task, index): RunningTask[] => {
    const place = `${path}/tasks/${index}`;
    const agentId = textAt(task, 'slave_id', place);
    if (isTerminal(textAt(task, 'state', place)) || !reserved.has(agentId)) return [];
    const taskId = textAt(task, 'id', place);
    const role = roleOf(task, framework);
    const wanted = resourcesAt(task, 'resources', place);
    const kind = kindOf(kinds, { app: appOf(name, task, taskId), role, wanted, constraints });
    return [{ taskId, agentId, kind, resources: reserved.take(agentId, role, wanted) }];
  });
  if (running.length === 0) return [];
  return [
    {
      id,
      name,
      startsMs: 0,
      refuseSeconds: REFUSE_SECONDS,
      perOffer: Number.POSITIVE_INFINITY,
      kinds: [...kinds.values()],
      running,
    },
  ];
};

const roleOf = (task: Json, framework: Json): string => {
  const [first] = Array.isArray(framework.roles) ? framework.roles : [];
  const role = [task.role, framework.role, first].find((one) => typeof one === 'string' && one !== '');
  return typeof role === 'string' ? role : '*';
};

/** Marathon writes the path of an app backwards into the names of its tasks; others number them. */
const appOf = (framework: string, task: Json, taskId: string): string => {
  const name = typeof task.name === 'string' && task.name !== '' ? task.name : taskId;
  if (/^marathon/i.test(framework)) return `/${name.split('.').reverse().join('/')}`;
  return name.replace(/[-_.#]?\d+$/, '') || name;
};

const kindOf = (
  kinds: Map<string, TaskKind>,
  {
    app,
    role,
    wanted,
    constraints,
  }: {
    app: string;
    role: string;
    wanted: readonly Resource[];
    constraints: ReadonlyMap<string, readonly Constraint[]>;
  },
): TaskKind => {
  const amounts: Amounts = Object.fromEntries(
    wanted.flatMap(({ name, scalar }) => (scalar ? [[name, scalar.value]] : [])),
  );
  const key = JSON.stringify([app, role, amounts]);
  const known = kinds.get(key);
  if (known) return known;
  const kind: TaskKind = {
    name: app,
    role,
    amounts,
    length: undefined,
    arrivals: { type: 'at-once' },
    count: 0,
    constraints: constraints.get(app) ?? [],
  };
  kinds.set(key, kind);
  return kind;
};

/** What cannot be read is left out: the state alone is enough. */
const constraintsOf = (apps: unknown): Map<string, readonly Constraint[]> => {
  const found = new Map<string, readonly Constraint[]>();
  for (const app of Array.isArray(apps) ? apps : []) {
    if (!isObject(app) || typeof app.id !== 'string' || !Array.isArray(app.constraints)) continue;
    const constraints = app.constraints.filter(
      (one: unknown): one is Constraint =>
        Array.isArray(one) &&
        one.every((part) => typeof part === 'string') &&
        CONSTRAINT_OPERATORS.some((operator) => operator === one[1]),
    );
    found.set(app.id, constraints);
  }
  return found;
};

const rolesOf = (roles: unknown): Map<string, RolePlan> => {
  const plans = new Map<string, RolePlan>();
  const list: unknown[] = isObject(roles) && Array.isArray(roles.roles) ? roles.roles : [];
  for (const role of list) {
    if (!isObject(role) || typeof role.name !== 'string') continue;
    const quota = isObject(role.quota) ? role.quota : {};
    const [guarantee, limit] = [amountsOf(quota.guarantee), amountsOf(quota.limit)];
    plans.set(role.name, {
      ...(typeof role.weight === 'number' && role.weight > 0 && role.weight !== 1
        ? { weight: role.weight }
        : {}),
      ...(guarantee ? { guarantee } : {}),
      ...(limit ? { limit } : {}),
    });
  }
  return plans;
};

const amountsOf = (value: unknown): Amounts | undefined => {
  const entries = Object.entries(isObject(value) ? value : {}).flatMap(
    ([name, amount]): [string, number][] =>
      typeof amount === 'number' && amount > 0 ? [[name, amount]] : [],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};
