import { type MergedApp, mergeDeploymentGroups, type RoutedTask } from './blue-green.ts';
import { createPortMaker, type PortRange } from './made-up-ports.ts';
import {
  healthCheckOf,
  networkModeOf,
  type PortMapping,
  portsOf,
  type ShownApp,
  type ShownHealthCheck,
} from './marathon-app.ts';
import type { Route, RouteProblem, Server, ServerCheck } from './route.ts';
import { readServiceLabels, type ServiceLabels } from './service-labels.ts';

/** Which apps are routed, and by what. */
export interface RoutingRules {
  /** Apps of one of these groups are routed; `*` stands for every app, also without a group. */
  readonly groups: readonly string[];
  /** Only tasks that a health check of Marathon has found alive; apps without checks are taken as they are. */
  readonly isHealthDemanded: boolean;
  /** Only ports whose label ENABLED says so. */
  readonly isStrict: boolean;
  /** Whether apps may word pieces of the configuration. Who may, can do whatever HAProxy can. */
  readonly areTemplatesAllowed: boolean;
  /** Ports that are taken already, by the router itself. */
  readonly reservedPorts: ReadonlySet<number>;
  /** For apps on addresses of their own that name no service port. */
  readonly madeUpPorts: PortRange;
}

export interface RoutePlan {
  /** By the name of the app and the index of its port, so that equal clusters give equal configurations. */
  readonly routes: readonly Route[];
  readonly problems: readonly RouteProblem[];
}

/** Works out what is to be routed whereto (marathon.md 4.1). One unusable app takes nothing away from the others. */
export const planRoutes = (apps: readonly ShownApp[], rules: RoutingRules): RoutePlan => {
  const problems: RouteProblem[] = [];
  const routes: Route[] = [];
  const owners = new Map<number, string>();
  const named = new Set(apps.flatMap(namedPorts));
  const makeUpPort = createPortMaker(
    rules.madeUpPorts,
    (port) => named.has(port) || rules.reservedPorts.has(port),
  );
  const inOrder = mergeDeploymentGroups(apps).sort((one, other) => one.id.localeCompare(other.id));
  for (const app of inOrder) {
    const complain = (message: string): void => {
      problems.push({ appId: app.id, message });
    };
    for (const [index, mapping] of portsOf(app).entries()) {
      const labels = readServiceLabels({ labels: app.labels ?? {}, index, complain });
      if (!isChosen(labels, rules)) continue;
      // 0 is no port: Marathon writes it before it has chosen one.
      const namedPort = labels.port ?? (mapping.servicePort || undefined);
      const port = namedPort ?? (networkModeOf(app) === 'container' ? makeUpPort(app.id, index) : undefined);
      if (port === undefined) {
        complain(`its port ${index} has no service port, expected one or HAPROXY_${index}_PORT`);
        continue;
      }
      const owner = rules.reservedPorts.has(port) ? 'the router itself' : owners.get(port);
      if (owner !== undefined) {
        complain(`its port ${index} wants ${port}, which belongs to ${owner}`);
        continue;
      }
      owners.set(port, app.id);
      const permitted = withPermittedTemplates(labels, rules, complain);
      routes.push(routeOf({ app, index, port, mapping, labels: permitted, rules }));
    }
  }
  return { routes, problems };
};

/** Ports that an app asks for itself, routed or not. */
const namedPorts = (app: ShownApp): number[] =>
  portsOf(app).flatMap(({ servicePort }, index) => [
    ...(servicePort === undefined ? [] : [servicePort]),
    Number(app.labels?.[`HAPROXY_${index}_PORT`] ?? 0),
  ]);

const isChosen = ({ groups, isEnabled }: ServiceLabels, rules: RoutingRules): boolean =>
  (isEnabled || !rules.isStrict) &&
  (rules.groups.includes('*') || groups.some((group) => rules.groups.includes(group)));

const withPermittedTemplates = (
  labels: ServiceLabels,
  { areTemplatesAllowed }: RoutingRules,
  complain: (message: string) => void,
): ServiceLabels => {
  const names = Object.keys(labels.templates);
  if (areTemplatesAllowed || names.length === 0) return labels;
  complain(`its templates are left out (${names.join(', ')}): the router runs without --allow-templates`);
  return { ...labels, templates: {} };
};

const routeOf = ({
  app,
  index,
  port,
  mapping,
  labels,
  rules,
}: {
  app: ShownApp;
  index: number;
  port: number;
  mapping: PortMapping;
  labels: ServiceLabels;
  rules: RoutingRules;
}): Route => {
  const shownCheck = healthCheckOf(app, labels.healthCheckPortIndex ?? index);
  const check = checkOf(shownCheck);
  const isHttp = labels.vhosts.length > 0 || check?.protocol === 'http';
  return {
    appId: app.id,
    index,
    name: `${app.id.replace(/^\//, '').replace(/[^A-Za-z0-9.-]/g, '_')}_${port}`,
    port,
    mode: labels.mode ?? (isHttp ? 'http' : 'tcp'),
    labels,
    ...(check ? { check } : {}),
    servers: serversOf({ app, index, mapping, rules, shownCheck }),
  };
};

const CHECK_DEFAULTS = { intervalSeconds: 60, timeoutSeconds: 20, maxConsecutiveFailures: 3 };

/** Commands run where the task is; HAProxy cannot do that. */
const checkOf = (check: ShownHealthCheck | undefined): ServerCheck | undefined => {
  const kind = /^(?:MESOS_)?(HTTPS?|TCP)$/.exec(check?.protocol ?? '')?.[1];
  if (check === undefined || kind === undefined || kind === 'HTTPS') return undefined;
  const { intervalSeconds, timeoutSeconds, maxConsecutiveFailures } = { ...CHECK_DEFAULTS, ...check };
  return {
    protocol: kind === 'HTTP' ? 'http' : 'tcp',
    path: check.path?.startsWith('/') ? check.path.replace(UNSAFE, percentEncoded) : '/',
    intervalSeconds: Math.max(1, intervalSeconds),
    timeoutSeconds: Math.max(1, timeoutSeconds),
    falls: Math.max(1, maxConsecutiveFailures + 1),
  };
};

/** What HAProxy's parser, or HTTP, would take for something else. */
const UNSAFE = /[^A-Za-z0-9._~!&*+,;=:@%/?-]/gu;

const percentEncoded = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

const ROUTED_STATES = new Set<string | undefined>([
  'TASK_RUNNING',
  // HAProxy's own check says whether one that the master has lost still answers.
  'TASK_LOST',
  'TASK_UNREACHABLE',
  undefined,
]);

const serversOf = ({
  app,
  index,
  mapping,
  rules,
  shownCheck,
}: {
  app: MergedApp;
  index: number;
  mapping: PortMapping;
  rules: RoutingRules;
  shownCheck: ShownHealthCheck | undefined;
}): Server[] => {
  const isOnOwnAddress = networkModeOf(app) === 'container';
  const isChecked = rules.isHealthDemanded && (app.healthChecks ?? []).length > 0;
  return (app.tasks ?? []).flatMap((task) => {
    if (!ROUTED_STATES.has(task.state)) return [];
    if (isChecked && !(task.healthCheckResults ?? []).some(({ alive }) => alive === true)) return [];
    const host = isOnOwnAddress ? task.ipAddresses?.[0]?.ipAddress : task.host;
    const port = isOnOwnAddress ? mapping.containerPort : task.ports?.[index];
    if (!host || !port) return [];
    const checkPort = checkPortOf(task, shownCheck, isOnOwnAddress);
    return [
      {
        taskId: task.id,
        host,
        port,
        isDraining: task.isDraining ?? false,
        ...(checkPort === undefined || checkPort === port ? {} : { checkPort }),
      },
    ];
  });
};

const checkPortOf = (
  { ports = [] }: RoutedTask,
  check: ShownHealthCheck | undefined,
  isOnOwnAddress: boolean,
): number | undefined => {
  if (check?.port !== undefined && check.port !== 0) return check.port;
  return isOnOwnAddress || check === undefined ? undefined : ports[check.portIndex ?? 0];
};
