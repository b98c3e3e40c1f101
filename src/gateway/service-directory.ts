import type { Clock } from '../runtime/clock.ts';
import { fetchJson } from './fetch-json.ts';
import { type Fresh, freshFor } from './fresh-for.ts';
import { asArray, asNumber, asObject, asString } from './json.ts';

/** A service that moved is found at its new place after this long at most, or at once when the old one is dead. */
const LIFETIME_MS = 1_000;

type JsonObject = Readonly<Record<string, unknown>>;

export interface KnownService {
  /** As it stands in the path: /service/NAME. May hold slashes. */
  readonly name: string;
  readonly url: string;
  /** Whom it is shown that the gateway sends a request: the name of its framework, or of the app. */
  readonly audience: string;
  /** False when the service wants to see the whole path, /service/NAME included. */
  readonly isPrefixStripped: boolean;
}

export type ServiceDirectory = Fresh<ReadonlyMap<string, KnownService>>;

/**
 * The services by name: Marathon apps with the labels DCOS_SERVICE_NAME, DCOS_SERVICE_PORT_INDEX and DCOS_SERVICE_SCHEME,
 * then frameworks by name and by id at their webui_url. When either source is silent the other's services are served.
 */
export const serviceDirectory = (
  { marathonUrl, mesosUrl }: { marathonUrl: string; mesosUrl: string },
  clock: Clock,
): ServiceDirectory =>
  freshFor(clock, LIFETIME_MS, async () => {
    const [apps, frameworks] = await Promise.allSettled([
      fetchJson('marathon', `${marathonUrl}/v2/apps?label=DCOS_SERVICE_NAME&embed=apps.tasks`),
      fetchJson('mesos', `${mesosUrl}/state-summary`),
    ]);
    if (apps.status === 'rejected' && frameworks.status === 'rejected') throw apps.reason;
    const services = new Map<string, KnownService>();
    for (const service of frameworks.status === 'fulfilled' ? frameworkServices(frameworks.value) : []) {
      services.set(service.name, service);
    }
    for (const service of apps.status === 'fulfilled' ? appServices(apps.value) : []) {
      services.set(service.name, withTls(service, services));
    }
    return services;
  });

/** What an app's label says is as good as its author knew: a framework that tells of TLS at the same place knows better. */
const withTls = (service: KnownService, frameworks: ReadonlyMap<string, KnownService>): KnownService => {
  const { host } = new URL(service.url);
  const told = frameworks.get(service.name)?.url;
  return told?.startsWith('https:') && new URL(told).host === host
    ? { ...service, url: `https://${host}` }
    : service;
};

/** The service that a path below /service/ means: the longest name that it starts with. */
export const findService = (
  services: ReadonlyMap<string, KnownService>,
  path: string,
): KnownService | undefined => {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const service = services.get(path.slice(0, end));
    if (service) return service;
  }
  return undefined;
};

/** Services of Marathon's /v2/apps with embedded tasks. An app without a running task is not served. */
export const appServices = (answer: unknown): KnownService[] =>
  asArray(asObject(answer).apps).flatMap((entry) => {
    const app = asObject(entry);
    const labels = asObject(app.labels);
    const name = asString(labels.DCOS_SERVICE_NAME)?.replace(/^\/+|\/+$/g, '');
    const scheme = asString(labels.DCOS_SERVICE_SCHEME) ?? 'http';
    const portIndex = Number(asString(labels.DCOS_SERVICE_PORT_INDEX) ?? '0');
    if (!name || !/^https?$/.test(scheme)) return [];
    const address = taskAddress(asArray(app.tasks).map(asObject), portIndex);
    if (!address) return [];
    const isPrefixStripped = asString(labels.DCOS_SERVICE_REWRITE_REQUEST_URLS) !== 'false';
    return [{ name, audience: name, url: `${scheme}://${address}`, isPrefixStripped }];
  });

/** Services of the master's /state-summary: a framework answers to its name and to its id. */
export const frameworkServices = (answer: unknown): KnownService[] =>
  asArray(asObject(answer).frameworks).flatMap((entry) => {
    const { id, name, webui_url: webUiUrl, active } = asObject(entry);
    const url = asString(webUiUrl) ?? '';
    if (active !== true || !/^https?:\/\//.test(url) || !URL.canParse(url)) return [];
    return [asString(id), asString(name)].flatMap((known) =>
      known ? [{ name: known, audience: asString(name) ?? known, url, isPrefixStripped: true }] : [],
    );
  });

const taskAddress = (tasks: readonly JsonObject[], portIndex: number): string | undefined => {
  const running = tasks.filter(({ state }) => state === 'TASK_RUNNING');
  const task = running.find(isHealthy) ?? running[0];
  const host = asString(task?.host);
  const port = asNumber(asArray(task?.ports)[portIndex]);
  return host === undefined || port === undefined ? undefined : `${host}:${port}`;
};

const isHealthy = (task: JsonObject): boolean =>
  asArray(task.healthCheckResults).every((result) => asObject(result).alive === true);
