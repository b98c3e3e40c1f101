import { KEPT_ALIVE, type ListenSettings } from './listen-settings.ts';
import type { Route } from './route.ts';
import { fillTemplate, TEMPLATES, type TemplateName } from './templates.ts';

/** Of the frontend for HTTP; backends tell by it who came without TLS. */
export const HTTP_FRONTEND = 'marathon_http_in';

/** One host, and one path below it, of a route. */
interface Place {
  readonly route: Route;
  readonly host: string;
  readonly path: string | undefined;
}

/**
 * The frontends at the ports for HTTP and HTTPS, which choose by host and path. The first rule that fits is followed, so the
 * more special ones come first: higher weights, hosts by name before those by a star, longer paths before shorter ones.
 */
export const renderVirtualHosts = (routes: readonly Route[], settings: ListenSettings): string[] => {
  const places = routes
    .filter(({ mode }) => mode === 'http')
    .flatMap(placesOf)
    .sort(
      (one, other) =>
        other.route.labels.weight - one.route.labels.weight ||
        Number(isWildcard(one)) - Number(isWildcard(other)) ||
        (isWildcard(one) ? other.host.length - one.host.length : 0) ||
        (other.path?.length ?? 0) - (one.path?.length ?? 0),
    );
  const { bindAddress, httpPort, httpsPort, certificates } = settings;
  const http = `frontend ${HTTP_FRONTEND}
  bind ${bindAddress}:${httpPort}
  mode http
${KEPT_ALIVE}${places.map((place) => renderPlace(place, 'HTTP')).join('')}`;
  if (certificates.length === 0) return [http];
  const crt = certificates.map((file) => `crt ${file}`).join(' ');
  const https = `frontend marathon_https_in
  bind ${bindAddress}:${httpsPort} ssl ${crt} alpn h2,http/1.1
  mode http
${KEPT_ALIVE}${places.map((place) => renderPlace(place, 'HTTPS')).join('')}`;
  return [http, https];
};

/**
 * The frontend that chooses by the header X-Marathon-App-Id, for programs of the cluster that know apps by their ids. Of an app
 * the first port by HTTP.
 */
export const renderAppIds = (
  routes: readonly Route[],
  { bindAddress, appIdPort }: ListenSettings,
): string[] => {
  if (appIdPort === undefined) return [];
  const byApp = new Map<string, Route>();
  for (const route of routes) {
    // An id with anything else in it would be more than a value.
    const isPlain = /^[A-Za-z0-9/._-]+$/.test(route.appId);
    if (route.mode === 'http' && isPlain && !byApp.has(route.appId)) byApp.set(route.appId, route);
  }
  const rules = [...byApp.values()].map(({ name, appId, labels }) =>
    fillTemplate(labels.templates.HTTP_FRONTEND_APPID_ACL ?? TEMPLATES.HTTP_FRONTEND_APPID_ACL, {
      backend: name,
      appId,
      cleanedUpAppId: appId.replace(/[^A-Za-z0-9-]/g, '_'),
    }),
  );
  return [
    `frontend marathon_http_appid_in
  bind ${bindAddress}:${appIdPort}
  mode http
${KEPT_ALIVE}${rules.join('')}`,
  ];
};

const placesOf = (route: Route): Place[] => {
  const { vhosts, paths } = route.labels;
  const below = paths.length > 0 ? paths : [undefined];
  return vhosts.flatMap((host) => below.map((path) => ({ route, host, path })));
};

const isWildcard = ({ host }: Place): boolean => host.startsWith('*.');

const renderPlace = (place: Place, scheme: 'HTTP' | 'HTTPS'): string => {
  const { route, host, path } = place;
  const name: TemplateName =
    path === undefined ? `${scheme}_FRONTEND_ACL` : `${scheme}_FRONTEND_ACL_WITH_PATH`;
  return fillTemplate(route.labels.templates[name] ?? TEMPLATES[name], {
    backend: route.name,
    hostname: host,
    cleanedUpHostname: host.replace(/[^A-Za-z0-9-]/g, '_'),
    hostTest: isWildcard(place)
      ? `hdr(host),field(1,:) -i -m end ${host.slice(1)}`
      : `hdr(host),field(1,:) -i ${host}`,
    path: path ?? '/',
    appId: route.appId,
  });
};

/** Sends who came without TLS to the port for HTTPS; a rule of a backend. */
export const redirectToHttps = (httpsPort: number): string => {
  const isPlain = `if { fe_name ${HTTP_FRONTEND} }`;
  if (httpsPort === 443) return `  http-request redirect scheme https code 301 ${isPlain}\n`;
  return `  http-request redirect location https://%[req.hdr(host),field(1,:)]:${httpsPort}%[pathq] code 301 ${isPlain}\n`;
};
