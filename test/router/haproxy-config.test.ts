import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderConfig } from '../../src/router/haproxy-config.ts';
import type { ListenSettings } from '../../src/router/listen-settings.ts';
import type { ShownApp } from '../../src/router/marathon-app.ts';
import { planRoutes } from '../../src/router/plan-routes.ts';
import { RULES, shownApp } from './shown-app.ts';

const SETTINGS: ListenSettings = {
  bindAddress: '127.0.0.1',
  httpPort: 8880,
  httpsPort: 8843,
  certificates: [],
  maxConnections: 100,
  drainSeconds: 60,
};
const group = { HAPROXY_GROUP: 'external' };
const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;

const rendered = (apps: ShownApp[], { rules = RULES, settings = SETTINGS } = {}): string =>
  renderConfig(planRoutes(apps, rules).routes, settings);

/** What HAProxy itself says of it. */
const judgementOf = (config: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'plenum-haproxy-'));
  try {
    writeFileSync(join(folder, 'haproxy.cfg'), config);
    return spawnSync('haproxy', ['-c', '-f', join(folder, 'haproxy.cfg')], { encoding: 'utf8' }).stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const everything = shownApp({
  id: '/shop/web',
  hostPorts: [31_000, 31_001],
  healthChecks: [
    { protocol: 'HTTP', path: "/health?x='#", portIndex: 0, intervalSeconds: 5, timeoutSeconds: 2 },
  ],
  labels: {
    ...group,
    HAPROXY_0_VHOST: 'shop.example,*.shop.example',
    HAPROXY_0_PATH: '/api,/v2',
    HAPROXY_0_STICKY: 'true',
    HAPROXY_0_USE_HSTS: 'true',
    HAPROXY_0_BALANCE: 'hdr(X-Key)',
    HAPROXY_0_AUTH: 'My shop:alice:$5$abc$def.',
    HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL: '127.0.0.0/8 10.1.2.3',
    HAPROXY_0_HTTP_BACKEND_PROXYPASS_PATH: '/api/',
    HAPROXY_0_HTTP_BACKEND_REVPROXY_PATH: '/api',
    HAPROXY_0_HTTP_BACKEND_REDIR: '/home',
  },
});

describe('the configuration', () => {
  it('says for each route who listens and who answers', () => {
    expect(rendered([shownApp({ hostPorts: [31_000, 31_001] })])).toContain(
      `frontend web_10000
  bind 127.0.0.1:10000
  mode tcp
  use_backend web_10000

backend web_10000
  balance roundrobin
  mode tcp
  server 127_0_0_1_31000 127.0.0.1:31000
  server 127_0_0_1_31001 127.0.0.1:31001
`,
    );
  });

  it('chooses by host and path, longer paths and higher weights first', () => {
    const app = (id: string, port: number, labels: Record<string, string>) =>
      shownApp({
        id,
        portDefinitions: [{ port }],
        labels: { ...group, HAPROXY_0_VHOST: 'a.example', ...labels },
      });
    const config = rendered([
      app('/all', 10_000, {}),
      app('/short', 10_001, { HAPROXY_0_PATH: '/a' }),
      app('/long', 10_002, { HAPROXY_0_PATH: '/a/b' }),
      app('/first', 10_003, { HAPROXY_0_BACKEND_WEIGHT: '5' }),
    ]);
    const order = [...config.matchAll(/use_backend (\w+) if/g)].map(([, name]) => name);
    expect(order).toEqual(['first_10003', 'long_10002', 'short_10001', 'all_10000']);
  });

  it('chooses by the longest path among all paths of all apps, and by name before a star', () => {
    const app = (id: string, port: number, vhost: string, path: string) =>
      shownApp({
        id,
        portDefinitions: [{ port }],
        labels: { ...group, HAPROXY_0_VHOST: vhost, ...(path && { HAPROXY_0_PATH: path }) },
      });
    const config = rendered([
      app('/a', 10_000, 'a.example', '/a,/very/long/path'),
      app('/b', 10_001, 'a.example', '/a/b'),
      app('/c', 10_002, '*.example,*.x.example', ''),
      app('/d', 10_003, 'd.x.example', ''),
    ]);
    const rules = [...config.matchAll(/use_backend (\w+) if (.*)/g)].map(
      ([, name, rule]) => `${name} ${rule}`,
    );
    const of = (name: string, rule: string): string => `${name} { hdr(host),field(1,:) -i ${rule} }`;
    expect(rules).toEqual([
      of('a_10000', 'a.example } { path_beg /very/long/path'),
      of('b_10001', 'a.example } { path_beg /a/b'),
      of('a_10000', 'a.example } { path_beg /a'),
      of('d_10003', 'd.x.example'),
      of('c_10002', '-m end .x.example'),
      of('c_10002', '-m end .example'),
    ]);
  });

  it('takes the rules of an app for its hosts, in the words that marathon-lb knows', () => {
    const labels = {
      ...group,
      HAPROXY_0_VHOST: 'a.example',
      HAPROXY_0_HTTP_FRONTEND_ACL:
        '  acl host_{cleanedUpHostname} hdr(host) -i {hostname}\\n  use_backend {backend} if host_{cleanedUpHostname} !{{ src 192.0.2.1 }}\\n',
    };
    const rules = { ...RULES, areTemplatesAllowed: true };
    expect(rendered([shownApp({ labels })], { rules })).toContain(
      '  acl host_a_example hdr(host) -i a.example\n  use_backend web_10000 if host_a_example !{ src 192.0.2.1 }\n',
    );
  });

  it('leaves nothing of a label, an id or a path that could begin a directive', () => {
    const config = rendered([
      shownApp({
        id: '/web\n  lua-load /tmp/evil',
        healthChecks: [{ protocol: 'HTTP', path: '/ok\n  lua-load /tmp/evil' }],
        labels: { ...group, HAPROXY_0_VHOST: 'x"\nlua-load' },
      }),
    ]);
    expect(config).not.toMatch(/^\s*lua-load/m);
  });

  it('takes the templates of an app where that is allowed', () => {
    const labels = {
      ...group,
      HAPROXY_0_BACKEND_HEAD: 'backend {backend}\\n  mode {mode}\\n  timeout server 5m\\n',
    };
    const rules = { ...RULES, areTemplatesAllowed: true };
    expect(rendered([shownApp({ labels })], { rules })).toContain(
      'backend web_10000\n  mode tcp\n  timeout server 5m\n',
    );
  });

  it('redirects to HTTPS at its port, when there is one', () => {
    const app = shownApp({
      labels: { ...group, HAPROXY_0_VHOST: 'a.example', HAPROXY_0_REDIRECT_TO_HTTPS: 'true' },
    });
    expect(rendered([app])).not.toContain('redirect');
    const settings = { ...SETTINGS, certificates: ['/etc/site.pem'] };
    expect(rendered([app], { settings })).toContain(':8843%[pathq] code 301 if { fe_name marathon_http_in }');
    expect(rendered([app], { settings: { ...settings, httpsPort: 443 } })).toContain('redirect scheme https');
  });

  it.skipIf(!hasHaproxy)('is what HAProxy understands, with everything in it', () => {
    expect(
      judgementOf(rendered([everything, shownApp({ portDefinitions: [{ port: 10_001 }] })])),
    ).not.toMatch(/ALERT|WARNING/);
  });
});
