import { type Answer, type Asked, type Part, parsedBody, type StoredAnswers } from './answers.ts';

const TOKEN = 'tok123';
const DIAGNOSTICS = '/system/health/v1/diagnostics';
const OLD_DIAGNOSTICS = '/system/health/v1/report/diagnostics/';

/** What is told without a token: the front page, and how to get one. */
export const openPart =
  ({ fixed }: StoredAnswers): Part =>
  (asked) => {
    const { path, headers } = asked;
    if (path === '/') return { body: Buffer.from('<html></html>'), type: 'text/html' };
    if (path === '/acs/api/v1/auth/login') return logIn(asked);
    if (path === '/ca/dcos-ca.crt') return { status: 404 };
    if (path === '/acs/api/v1/auth/providers' || path.startsWith('/dcos-metadata/')) {
      return { body: fixed[`GET ${path}`] };
    }
    if (headers.authorization === `token=${TOKEN}`) return undefined;
    return {
      status: 401,
      body: Buffer.from('<html>401</html>'),
      type: 'text/html',
      headers: { 'WWW-Authenticate': 'acsjwt' },
    };
  };

const logIn = (asked: Asked): Answer => {
  const { password, token } = parsedBody(asked);
  if (password === 'secret' || token) return { body: { token: TOKEN } };
  const code = 'ERR_INVALID_CREDENTIALS';
  return { status: 401, body: { title: 'Unauthorized', description: 'Invalid credentials.', code } };
};

/** The other services of a DC/OS cluster: names, logs, health, metrics, archives. */
export const systemPart =
  (stored: StoredAnswers): Part =>
  (asked) => {
    const { path } = asked;
    if (path === '/pkgpanda/active.buildinfo.full.json') return { body: {} };
    if (path === '/cluster/v1/links') return { body: {} };
    if (path.startsWith('/mesos_dns/v1/hosts/')) {
      return { body: [{ host: `${path.split('/').at(-1)}.`, ip: '10.0.0.5' }] };
    }
    if (path.startsWith('/system/health/v1/nodes/')) return { body: stored.units };
    if (path.includes('/metrics/v0/')) {
      if (path.endsWith('/app')) return { status: 204 };
      return { body: path.endsWith('/node') ? stored.nodeMetrics : stored.containerMetrics };
    }
    if (path.includes('/logs/v2/')) return logs(asked);
    if (path.startsWith(DIAGNOSTICS)) return archives(asked);
    if (path.startsWith(OLD_DIAGNOSTICS)) {
      const what = path.slice(OLD_DIAGNOSTICS.length);
      if (what.startsWith('serve/')) return { body: Buffer.from('PK'), type: 'application/zip' };
      return { body: { status: `ok ${what}` } };
    }
    return undefined;
  };

const logs = ({ path, headers }: Asked): Answer => {
  if (path.includes('/component')) {
    const fields = {
      MESSAGE: 'started',
      PRIORITY: '6',
      SYSLOG_IDENTIFIER: 'systemd',
      _PID: '1',
      _HOSTNAME: 'm1',
      _BOOT_ID: 'b',
      _MACHINE_ID: 'm',
      _TRANSPORT: 'journal',
    };
    const entry = { fields, cursor: 's=1', monotonic_timestamp: 5, realtime_timestamp: 1.6e15 };
    return { body: Buffer.from(`${JSON.stringify(entry)}\n`.repeat(2)), type: 'application/json' };
  }
  if (headers.accept !== 'text/event-stream') {
    return { body: Buffer.from('log line 1\nlog line 2\n'), type: 'text/plain' };
  }
  const event = (index: number): string => {
    const data = { fields: { MESSAGE: `line ${index}\n` }, cursor: 'c', realtime_timestamp: 1.6e15 };
    return `id: ${index}\ndata: ${JSON.stringify(data)}\n\n`;
  };
  return { body: Buffer.from(event(0) + event(1)), type: 'text/event-stream' };
};

const archives = ({ method, path }: Asked): Answer | undefined => {
  const [, id = '', file = ''] = /^\/([^/]+)(\/file)?$/.exec(path.slice(DIAGNOSTICS.length)) ?? [];
  if (method === 'PUT') return { body: { id } };
  if (method === 'DELETE') return { body: {} };
  if (file !== '') return { body: Buffer.from('PK..'), type: 'application/zip' };
  const times = { started_at: '2020-01-01T00:00:00Z', stopped_at: '2020-01-01T00:01:00Z' };
  return { body: { id, type: 'Cluster', size: 1, status: 'Done', ...times } };
};
