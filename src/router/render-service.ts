import { KEPT_ALIVE, type ListenSettings } from './listen-settings.ts';
import type { Route, Server, ServerCheck } from './route.ts';
import { fillTemplate, TEMPLATES, type TemplateName } from './templates.ts';
import { redirectToHttps } from './virtual-hosts.ts';

const template = ({ labels }: Route, name: TemplateName): string => labels.templates[name] ?? TEMPLATES[name];

/** The names that a route asks for, with their encrypted passwords. */
export const renderUsers = ({ name, labels: { basicAuth } }: Route): string[] =>
  basicAuth === undefined
    ? []
    : [`userlist users_${name}\n  user ${basicAuth.user} password ${basicAuth.encryptedPassword}\n`];

/** What listens at the service port of a route. */
export const renderFrontend = (route: Route, settings: ListenSettings): string => {
  const { name, port, mode, labels } = route;
  const head = fillTemplate(template(route, 'FRONTEND_HEAD'), {
    backend: name,
    bindAddr: labels.bindAddress ?? settings.bindAddress,
    servicePort: port,
    mode,
    sslCert: labels.certificate === undefined ? '' : ` ssl crt ${labels.certificate}`,
    bindOptions: labels.bindOptions === undefined ? '' : ` ${labels.bindOptions}`,
  });
  const rest = fillTemplate(template(route, 'FRONTEND_BACKEND_GLUE'), { backend: name });
  return `${head}${mode === 'http' ? KEPT_ALIVE : ''}${rest}`;
};

/** Where the requests of a route go. */
export const renderBackend = (route: Route, { certificates, httpsPort }: ListenSettings): string => {
  const { name, mode, labels, check, servers } = route;
  const fields = { backend: name, mode, balance: labels.balance };
  const parts = [fillTemplate(template(route, 'BACKEND_HEAD'), fields)];
  // Before anyone is asked for a password, which would go over the wire in the clear.
  if (mode === 'http' && labels.redirectsToHttps && certificates.length > 0) {
    parts.push(redirectToHttps(httpsPort));
  }
  parts.push(...accessRules(route));
  if (mode === 'http') {
    parts.push(fillTemplate(template(route, 'BACKEND_HTTP_OPTIONS'), fields), ...rewriting(route));
    if (labels.usesHsts) parts.push(template(route, 'BACKEND_HSTS_OPTIONS'));
    if (labels.isSticky) parts.push(template(route, 'BACKEND_STICKY_OPTIONS'));
  }
  if (check) {
    const kind =
      check.protocol === 'http' ? 'BACKEND_HTTP_HEALTHCHECK_OPTIONS' : 'BACKEND_TCP_HEALTHCHECK_OPTIONS';
    parts.push(fillTemplate(template(route, kind), checkFields(check)));
  }
  parts.push(...servers.map((server) => renderServer(route, server)));
  return parts.join('');
};

const accessRules = ({ name, mode, labels: { allowedNetworks, basicAuth } }: Route): string[] => {
  const rules: string[] = [];
  if (allowedNetworks.length > 0) {
    const refuse = mode === 'http' ? 'http-request deny' : 'tcp-request content reject';
    rules.push(
      `  acl network_allowed src ${allowedNetworks.join(' ')}\n`,
      `  ${refuse} unless network_allowed\n`,
    );
  }
  if (basicAuth !== undefined && mode === 'http') {
    const realm = basicAuth.realm.replaceAll(' ', '\\ ');
    rules.push(`  http-request auth realm ${realm} unless { http_auth(users_${name}) }\n`);
  }
  return rules;
};

/** Another prefix for the app than for its callers, both ways. */
const rewriting = ({ labels }: Route): string[] => {
  const { proxyPassPath, reverseProxyPath, redirectPath } = labels;
  const rules: string[] = [];
  if (redirectPath !== undefined)
    rules.push(`  http-request redirect location ${redirectPath} code 301 if { path / }\n`);
  if (proxyPassPath !== undefined) {
    const pattern = escapeRegExp(proxyPassPath.replace(/\/+$/, ''));
    rules.push(`  http-request replace-path ^${pattern}/?(.*)$ /\\1\n`);
  }
  if (reverseProxyPath !== undefined) {
    const prefix = reverseProxyPath.replace(/\/+$/, '');
    rules.push(`  http-response replace-header Location ^(https?://[^/]+)?(/.*)$ \\1${prefix}\\2\n`);
  }
  return rules;
};

const escapeRegExp = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\', '\\\\');

const checkFields = (check: ServerCheck): Record<string, string | number> => ({
  healthCheckPath: check.path,
  healthCheckTimeoutSeconds: check.timeoutSeconds,
  healthCheckIntervalSeconds: check.intervalSeconds,
  healthCheckFalls: check.falls,
});

/** A server's name within its route. */
export const serverNameOf = ({ host, port }: Server): string =>
  `${host}_${port}`.replace(/[^A-Za-z0-9]+/g, '_');

/** The line of a server. */
export const renderServer = (route: Route, server: Server): string => {
  const { host, port, isDraining, checkPort } = server;
  const { labels, check, mode } = route;
  const serverName = serverNameOf(server);
  const kind =
    check?.protocol === 'http'
      ? 'BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS'
      : 'BACKEND_SERVER_TCP_HEALTHCHECK_OPTIONS';
  return fillTemplate(template(route, 'BACKEND_SERVER_OPTIONS'), {
    serverName,
    host,
    port,
    cookieOptions: labels.isSticky && mode === 'http' ? ` cookie ${serverName}` : '',
    healthCheckOptions: check
      ? fillTemplate(template(route, kind), {
          ...checkFields(check),
          healthCheckPortOptions: checkPort === undefined ? '' : ` port ${checkPort}`,
        })
      : '',
    otherOptions: isDraining ? ' weight 0' : '',
  });
};
