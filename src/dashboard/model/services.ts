import type { ClusterState } from './cluster-state.ts';
import { type Pod, serviceOfPod } from './pod-service.ts';
import { NOTHING, plus, type Quantities } from './quantities.ts';

/** Statuses in the order in which they are shown: what needs a look comes first. */
export const SERVICE_STATUSES = [
  'Unavailable',
  'Degraded',
  'Waiting',
  'Deploying',
  'Stopped',
  'Running',
] as const;
export type ServiceStatus = (typeof SERVICE_STATUSES)[number];

export interface ServiceView {
  readonly name: string;
  readonly kind: 'app' | 'pod' | 'framework';
  readonly status: ServiceStatus;
  /** Why it is not running, when that is known. */
  readonly reason: string;
  readonly running: number;
  readonly wanted: number;
  readonly held: Quantities;
  /** Its own pages, through the gateway. */
  readonly link: string | undefined;
  /** The package that it was installed from. */
  readonly packageName?: string | undefined;
}

/** An app of Marathon's /v2/apps, as far as it is shown. */
export interface App {
  readonly id: string;
  readonly instances: number;
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly tasksRunning?: number;
  readonly tasksStaged?: number;
  readonly tasksUnhealthy?: number;
  readonly deployments?: readonly { readonly id: string }[];
}

/** Apps and pods that Marathon could not place yet, by id, with the reason. */
export type WaitingSpecs = ReadonlyMap<string, string>;

/** What Marathon runs, and what of it waits. */
export interface MarathonView {
  readonly apps: readonly App[];
  readonly pods: readonly Pod[];
  readonly waiting: WaitingSpecs;
  /** Deployments under way. */
  readonly deploymentCount: number;
}

export const EMPTY_MARATHON: MarathonView = { apps: [], pods: [], waiting: new Map(), deploymentCount: 0 };

/** All services, the ones that need a look first. */
export const servicesOf = (state: ClusterState, { apps, pods, waiting }: MarathonView): ServiceView[] =>
  [
    ...apps.map((app) => serviceOfApp(app, waiting)),
    ...pods.map((pod) => serviceOfPod(pod, waiting)),
    ...servicesOfFrameworks(state),
  ].sort(
    (left, right) =>
      SERVICE_STATUSES.indexOf(left.status) - SERVICE_STATUSES.indexOf(right.status) ||
      left.name.localeCompare(right.name),
  );

/** Reads what waits of Marathon's /v2/queue. */
export const waitingSpecs = (answer: unknown): WaitingSpecs => {
  const { queue = [] } = answer as {
    queue?: {
      app?: { id: string };
      pod?: { id: string };
      delay?: { timeLeftSeconds: number; overdue: boolean };
      why?: readonly string[];
    }[];
  };
  return new Map(
    queue.flatMap(({ app, pod, delay, why = [] }) => {
      const spec = app ?? pod;
      if (!spec) return [];
      const isDelayed = delay !== undefined && !delay.overdue;
      const reason = why[0] ?? 'no offer fits yet';
      return [[spec.id, isDelayed ? `starts again in ${delay.timeLeftSeconds} s` : reason]];
    }),
  );
};

const serviceOfApp = (app: App, waiting: WaitingSpecs): ServiceView => {
  const { tasksRunning: running = 0, tasksStaged: staged = 0, instances: wanted, labels = {} } = app;
  const count = running + staged;
  return {
    name: app.id,
    kind: 'app',
    status: statusOfApp(app, waiting.has(app.id)),
    reason: waiting.get(app.id) ?? '',
    running,
    wanted,
    held: { cpus: app.cpus * count, mem: app.mem * count, disk: app.disk * count },
    link: running > 0 ? linkOfApp(labels) : undefined,
    packageName: labels.DCOS_PACKAGE_NAME,
  };
};

/** Where the gateway leads to the pages of an app that has some. */
const linkOfApp = ({ DCOS_SERVICE_NAME: name = '' }: NonNullable<App['labels']>): string | undefined => {
  const parts = name.split('/').filter(Boolean);
  return parts.length === 0 ? undefined : `/service/${parts.map(encodeURIComponent).join('/')}/`;
};

/** How an app is doing; `isWaiting`: instances of it wait to be launched. */
export const statusOfApp = (app: App, isWaiting: boolean): ServiceStatus => {
  const { tasksRunning: running = 0, tasksUnhealthy: unhealthy = 0, deployments = [], instances } = app;
  if (isWaiting && running < instances) return 'Waiting';
  if (deployments.length > 0) return 'Deploying';
  if (instances === 0) return 'Stopped';
  if (running === 0 || unhealthy >= instances) return 'Unavailable';
  return running < instances || unhealthy > 0 ? 'Degraded' : 'Running';
};

/** What these have at their address is an API; their pages are here. */
const WITHOUT_PAGES: ReadonlySet<string> = new Set(['marathon', 'metronome']);

const servicesOfFrameworks = (state: ClusterState): ServiceView[] => {
  const held = new Map<string, { count: number; quantities: Quantities }>();
  for (const { frameworkId, isEnded, resources } of state.tasks) {
    if (isEnded) continue;
    const { count, quantities } = held.get(frameworkId) ?? { count: 0, quantities: NOTHING };
    held.set(frameworkId, { count: count + 1, quantities: plus(quantities, resources) });
  }
  return [...state.frameworks.values()].map(({ id, name, isConnected, webUiUrl }) => {
    const { count, quantities } = held.get(id) ?? { count: 0, quantities: NOTHING };
    return {
      name,
      kind: 'framework',
      status: isConnected ? 'Running' : 'Unavailable',
      reason: isConnected ? '' : 'not connected to the master',
      running: count,
      wanted: count,
      held: quantities,
      link:
        /^https?:/.test(webUiUrl) && !WITHOUT_PAGES.has(name)
          ? `/service/${encodeURIComponent(name)}/`
          : undefined,
    };
  });
};
