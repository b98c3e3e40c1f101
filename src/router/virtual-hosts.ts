import { KEPT_ALIVE, type ListenSettings } from './listen-settings.ts';
import type { Route } from './route.ts';

/**
 * The frontends at the ports for HTTP and HTTPS, which choose by host and path: higher weights first, then longer paths, so
 * that `/api` is not taken for `/`.
 */
export const renderVirtualHosts = (routes: readonly Route[], settings: ListenSettings): string[] => {
  const hosted = routes
    .filter(({ labels, mode }) => labels.vhosts.length > 0 && mode === 'http')
    .sort((one, other) => other.labels.weight - one.labels.weight || longestPath(other) - longestPath(one));
  const { bindAddress, httpPort, httpsPort, certificates } = settings;
  const hasHttps = certificates.length > 0;
  const conditions = hosted.map(conditionOf);
  const uses = conditions.map(({ acls, condition, name }) => ({
    acls,
    use: `  use_backend ${name} if ${condition}\n`,
  }));
  const redirects = hosted.flatMap(({ labels }, place) =>
    labels.redirectsToHttps && hasHttps ? [redirectTo(httpsPort, conditions[place]?.condition ?? '')] : [],
  );
  const acls = uses.map((one) => one.acls).join('');
  const lines = uses.map((one) => one.use).join('');
  const http = `frontend marathon_http_in
  bind ${bindAddress}:${httpPort}
  mode http
${KEPT_ALIVE}${acls}${redirects.join('')}${lines}`;
  if (!hasHttps) return [http];
  const crt = certificates.map((file) => `crt ${file}`).join(' ');
  const https = `frontend marathon_https_in
  bind ${bindAddress}:${httpsPort} ssl ${crt} alpn h2,http/1.1
  mode http
${KEPT_ALIVE}${acls}${lines}`;
  return [http, https];
};

const longestPath = ({ labels }: Route): number => Math.max(0, ...labels.paths.map((path) => path.length));

const conditionOf = ({ name, labels }: Route): { name: string; acls: string; condition: string } => {
  const hosts = labels.vhosts.map((host) =>
    host.startsWith('*.')
      ? `  acl host_${name} hdr(host),field(1,:) -i -m end ${host.slice(1)}\n`
      : `  acl host_${name} hdr(host),field(1,:) -i ${host}\n`,
  );
  const paths = labels.paths.map((path) => `  acl path_${name} path_beg ${path}\n`);
  return {
    name,
    acls: [...hosts, ...paths].join(''),
    condition: labels.paths.length > 0 ? `host_${name} path_${name}` : `host_${name}`,
  };
};

const redirectTo = (httpsPort: number, condition: string): string => {
  if (httpsPort === 443) return `  http-request redirect scheme https code 301 if ${condition}\n`;
  return `  http-request redirect location https://%[req.hdr(host),field(1,:)]:${httpsPort}%[capture.req.uri] code 301 if ${condition}\n`;
};
