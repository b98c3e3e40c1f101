import { describe, expect, it } from 'vitest';
import { planRoutes } from '../../src/router/plan-routes.ts';
import { RULES, shownApp } from './shown-app.ts';

const group = { HAPROXY_GROUP: 'external' };

describe('which apps are routed', () => {
  it('takes those of its groups, and all of them for a star', () => {
    const apps = [
      shownApp(),
      shownApp({ id: '/inside', labels: { HAPROXY_GROUP: 'internal' }, portDefinitions: [{ port: 10_001 }] }),
      shownApp({ id: '/plain', labels: {}, portDefinitions: [{ port: 10_002 }] }),
      shownApp({
        id: '/both',
        labels: { HAPROXY_GROUP: 'a, external' },
        portDefinitions: [{ port: 10_003 }],
      }),
    ];
    const names = (groups: string[]) =>
      planRoutes(apps, { ...RULES, groups }).routes.map(({ appId }) => appId);
    expect(names(['external'])).toEqual(['/both', '/web']);
    expect(names(['*'])).toEqual(['/both', '/inside', '/plain', '/web']);
  });

  it('takes single ports by their own group', () => {
    const app = shownApp({
      labels: { HAPROXY_GROUP: 'external', HAPROXY_1_GROUP: 'internal' },
      portDefinitions: [{ port: 10_000 }, { port: 10_001 }],
    });
    expect(planRoutes([app], RULES).routes.map(({ index }) => index)).toEqual([0]);
  });

  it('takes only enabled ports in strict mode', () => {
    const apps = [
      shownApp({ labels: { ...group, HAPROXY_0_ENABLED: 'yes' } }),
      shownApp({ id: '/other', portDefinitions: [{ port: 10_001 }] }),
    ];
    const { routes } = planRoutes(apps, { ...RULES, isStrict: true });
    expect(routes.map(({ appId }) => appId)).toEqual(['/web']);
  });

  it('gives a port to one app only, and says so to the other', () => {
    const { routes, problems } = planRoutes([shownApp({ id: '/b' }), shownApp({ id: '/a' })], RULES);
    expect(routes.map(({ appId }) => appId)).toEqual(['/a']);
    expect(problems).toEqual([{ appId: '/b', message: 'its port 0 wants 10000, which belongs to /a' }]);
  });

  it("leaves the router's own ports alone", () => {
    const app = shownApp({ labels: { ...group, HAPROXY_0_PORT: '8880' } });
    const { routes, problems } = planRoutes([app], RULES);
    expect(routes).toEqual([]);
    expect(problems[0]?.message).toBe('its port 0 wants 8880, which belongs to the router itself');
  });
});

describe('where requests go', () => {
  const serversOf = (app: ReturnType<typeof shownApp>, rules = RULES) =>
    planRoutes([app], rules).routes.flatMap(({ servers }) =>
      servers.map(({ host, port }) => `${host}:${port}`),
    );

  it('pairs task ports and service ports by position', () => {
    const app = shownApp({
      portDefinitions: [{ port: 10_000 }, { port: 10_001 }],
      tasks: [{ id: 't', host: 'h', state: 'TASK_RUNNING', ports: [31_005, 31_004] }],
    });
    const { routes } = planRoutes([app], RULES);
    expect(routes.map(({ port, servers }) => [port, servers[0]?.port])).toEqual([
      [10_000, 31_005],
      [10_001, 31_004],
    ]);
  });

  it('goes to host ports of bridged containers, and to the address of those with one', () => {
    const container = { portMappings: [{ containerPort: 80, servicePort: 10_000 }] };
    const tasks = [
      {
        id: 't',
        host: 'h',
        state: 'TASK_RUNNING',
        ports: [31_000],
        ipAddresses: [{ ipAddress: '10.9.0.7' }],
      },
    ];
    const app = { container, tasks };
    expect(serversOf(shownApp({ ...app, networks: [{ mode: 'container/bridge' }] }))).toEqual(['h:31000']);
    expect(serversOf(shownApp({ ...app, networks: [{ mode: 'container' }] }))).toEqual(['10.9.0.7:80']);
  });

  it('makes up service ports for apps on addresses of their own that name none, the same ones each time', () => {
    const onOwnAddress = (id: string) =>
      shownApp({
        id,
        networks: [{ mode: 'container' }],
        container: { portMappings: [{ containerPort: 80 }, { containerPort: 443, servicePort: 0 }] },
      });
    const taken = shownApp({ id: '/taken', labels: {}, portDefinitions: [{ port: 20_001 }] });
    const portsOf = (apps: ReturnType<typeof shownApp>[]) =>
      planRoutes(apps, RULES).routes.map(({ port }) => port);
    const ports = portsOf([onOwnAddress('/one'), taken]);
    expect(ports).toHaveLength(2);
    expect(portsOf([taken, onOwnAddress('/one')])).toEqual(ports);
    const { routes, problems } = planRoutes([onOwnAddress('/one'), onOwnAddress('/two'), taken], RULES);
    expect(routes.map(({ port }) => port).sort()).toEqual([20_000, 20_002, 20_003]);
    expect(problems).toHaveLength(1);
    expect(
      planRoutes([{ ...onOwnAddress('/one'), networks: [{ mode: 'container/bridge' }] }], RULES).routes,
    ).toEqual([]);
  });

  it('leaves out tasks that do not run, and keeps those that the master has lost sight of', () => {
    const states = ['TASK_RUNNING', 'TASK_STAGING', 'TASK_UNREACHABLE', 'TASK_KILLING', 'TASK_LOST'];
    const tasks = states.map((state, index) => ({ id: state, host: 'h', state, ports: [31_000 + index] }));
    expect(serversOf(shownApp({ tasks }))).toEqual(['h:31000', 'h:31002', 'h:31004']);
  });

  it('leaves out what no health check has found alive, unless that is not demanded', () => {
    const alive = [[], [{ alive: false }], [{ alive: false }, { alive: true }]];
    const tasks = alive.map((healthCheckResults, index) => ({
      id: `${index}`,
      host: 'h',
      state: 'TASK_RUNNING',
      ports: [31_000 + index],
      healthCheckResults,
    }));
    const app = shownApp({ tasks, healthChecks: [{ protocol: 'HTTP', path: '/' }] });
    expect(serversOf(app)).toEqual(['h:31002']);
    expect(serversOf(app, { ...RULES, isHealthDemanded: false })).toHaveLength(3);
  });
});

describe('labels', () => {
  it.each([
    ['HAPROXY_0_VHOST', 'a b;c', 'HAPROXY_0_VHOST has "b;c", expected a host name'],
    ['HAPROXY_0_PORT', '70000', 'HAPROXY_0_PORT is 70000, expected 1 to 65535'],
    ['HAPROXY_0_PORT', 'x', 'HAPROXY_0_PORT is "x", expected a whole number'],
    ['HAPROXY_0_MODE', 'udp', 'HAPROXY_0_MODE is "udp", expected http or tcp'],
    ['HAPROXY_0_PATH', '/a', 'HAPROXY_0_PATH needs HAPROXY_0_VHOST'],
    ['HAPROXY_0_BIND_ADDR', 'nowhere', 'HAPROXY_0_BIND_ADDR is "nowhere", expected an IP address or *'],
    ['HAPROXY_0_BALANCE', 'x\n  mode tcp', 'HAPROXY_0_BALANCE is "x\\n  mode tcp"'],
    ['HAPROXY_0_BIND_OPTIONS', 'ssl\n', undefined],
    ['HAPROXY_0_SSL_CERT', '/a b', 'HAPROXY_0_SSL_CERT is "/a b", expected the path of a file'],
    ['HAPROXY_0_AUTH', 'realm', 'HAPROXY_0_AUTH is "realm", expected realm:user:encrypted password'],
    ['HAPROXY_0_BACKEND_HEAD', 'x', 'its templates are left out (BACKEND_HEAD)'],
  ])('complains of %s when it is %j, and routes the app all the same', (label, value, message) => {
    const { routes, problems } = planRoutes([shownApp({ labels: { ...group, [label]: value } })], RULES);
    expect(routes).toHaveLength(1);
    if (message === undefined) expect(problems).toEqual([]);
    else expect(problems[0]?.message).toContain(message);
  });

  it('speaks HTTP for a host or a check by HTTP, and TCP otherwise, unless told', () => {
    const modeOf = (labels: Record<string, string>, healthChecks: object[] = []) =>
      planRoutes([shownApp({ labels: { ...group, ...labels }, healthChecks })], RULES).routes[0]?.mode;
    expect(modeOf({})).toBe('tcp');
    expect(modeOf({ HAPROXY_0_VHOST: 'a.example' })).toBe('http');
    expect(modeOf({}, [{ protocol: 'MESOS_HTTP' }])).toBe('http');
    expect(modeOf({ HAPROXY_0_VHOST: 'a.example', HAPROXY_0_MODE: 'TCP' })).toBe('tcp');
  });
});

describe('blue and green', () => {
  const half = (id: string, startedAt: string, hostPorts: number[], port: number) =>
    shownApp({
      id,
      hostPorts,
      portDefinitions: [{ port }],
      labels: {
        ...group,
        HAPROXY_DEPLOYMENT_GROUP: 'web',
        HAPROXY_DEPLOYMENT_STARTED_AT: startedAt,
        HAPROXY_DEPLOYMENT_TARGET_INSTANCES: '3',
      },
    });

  it('merges both apps behind the port of the old one, and drains an old task for each new one', () => {
    const old = half('/web-blue', '2026-01-01T00:00:00Z', [31_000, 31_001, 31_002], 10_000);
    const next = half('/web-green', '2026-01-02T00:00:00Z', [31_010, 31_011], 10_050);
    const { routes } = planRoutes([next, old], RULES);
    expect(routes.map(({ port }) => port)).toEqual([10_000]);
    expect(routes[0]?.servers.map(({ port, isDraining }) => [port, isDraining])).toEqual([
      [31_000, true],
      [31_001, true],
      [31_002, false],
      [31_010, false],
      [31_011, false],
    ]);
  });

  it('never drains so many that fewer than the target are left', () => {
    const old = half('/web-blue', '2026-01-01T00:00:00Z', [31_000, 31_001], 10_000);
    const next = half('/web-green', '2026-01-02T00:00:00Z', [31_010, 31_011], 10_050);
    const drained = planRoutes([old, next], RULES).routes[0]?.servers.filter(({ isDraining }) => isDraining);
    expect(drained).toHaveLength(1);
  });
});
