import { type Asked, type Part, parsedBody, type StoredAnswers } from './answers.ts';

const ROOT = '/service/marathon';

/** Marathon below its path; changes are answered and not carried out. */
export const marathonPart =
  (stored: StoredAnswers): Part =>
  (asked) => {
    if (!asked.path.startsWith(`${ROOT}/`)) return undefined;
    const path = asked.path.slice(ROOT.length);
    const { method, query } = asked;
    const isGet = method === 'GET';
    if (path === '/ping') return { body: Buffer.from('pong'), type: 'text/plain' };
    if (path === '/v2/leader') {
      return { body: isGet ? { leader: '10.0.0.1:8080' } : { message: 'Leadership abdicated' } };
    }
    if (/^\/v2\/apps\/?$/.test(path)) {
      if (isGet) return { body: { apps: Object.values(stored.apps) } };
      const app = {
        ...parsedBody(asked),
        deployments: [{ id: 'dep-new' }],
        version: '2020-01-03T00:00:00.000Z',
      };
      return { status: 201, body: app };
    }
    if (path.startsWith('/v2/apps/')) return answerApp(stored, asked, path);
    if (path === '/v2/deployments') return { body: stored.deployments };
    if (path.startsWith('/v2/deployments/')) {
      return query.has('force') ? { status: 202 } : { body: { version: 'v', deploymentId: 'dep-rb' } };
    }
    if (path === '/v2/queue') return { body: stored.queue };
    if (path.startsWith('/v2/queue/')) return { status: 204 };
    if (path.startsWith('/v2/tasks')) return answerTasks(stored, asked, path);
    if (path.startsWith('/v2/groups')) return answerGroups(stored, method, path);
    if (path.startsWith('/v2/pods')) return answerPods(stored, asked, path);
    return { status: 404, body: { message: 'no' } };
  };

const answerApp = ({ apps, versions }: StoredAnswers, { method, query }: Asked, path: string) => {
  const [, id = '', rest = '', version = ''] =
    /^\/v2\/apps(\/.+?)(\/versions(?:\/(.+))?|\/restart|\/tasks)?$/.exec(path) ?? [];
  const app = apps[decodeURIComponent(id)];
  if (!app) return { status: 404, body: { message: `App '${id}' does not exist` } };
  if (rest === '/versions') return { body: { versions } };
  if (version !== '') return { body: { ...app, version: decodeURIComponent(version) } };
  const changed = (deploymentId: string) => ({ body: { version: '2020-01-03T00:00:00.000Z', deploymentId } });
  if (rest === '/restart') return changed('dep-restart');
  if (rest === '/tasks') return query.has('scale') ? changed('dep-kill') : { body: { tasks: app.tasks } };
  return method === 'GET' ? { body: { app } } : changed('dep-put');
};

const answerTasks = ({ apps }: StoredAnswers, asked: Asked, path: string) => {
  const tasks = apps['/sleep']?.tasks ?? [];
  if (path === '/v2/tasks') return { body: { tasks } };
  if (asked.query.has('scale')) return { body: { version: 'v', deploymentId: 'dep-tk' } };
  const { ids } = parsedBody(asked);
  return { body: { tasks: tasks.filter(({ id }) => Array.isArray(ids) && ids.includes(id)) } };
};

const answerGroups = ({ groups }: StoredAnswers, method: string, path: string) => {
  const isGet = method === 'GET';
  if (path === '/v2/groups') {
    return isGet ? { body: groups } : { status: 201, body: { version: 'v', deploymentId: 'dep-g' } };
  }
  if (!isGet) return { body: { version: 'v', deploymentId: 'dep-g2' } };
  if (path === '/v2/groups/web' || path.includes('versions')) return { body: groups.groups[0] };
  return { status: 404, body: { message: `Group '${path.slice('/v2/groups'.length)}' does not exist` } };
};

const answerPods = ({ pod }: StoredAnswers, asked: Asked, path: string) => {
  const { method } = asked;
  const deployed = (id: string) => ({ 'Marathon-Deployment-Id': id });
  if (path === '/v2/pods') {
    return method === 'HEAD' ? {} : { status: 201, body: parsedBody(asked), headers: deployed('dep-p') };
  }
  if (path === '/v2/pods/::status') return { body: [pod] };
  const [, id = '', what = ''] = /^\/v2\/pods\/(.+?)(::status|::instances)?$/.exec(path) ?? [];
  if (id !== 'pod') return { status: 404, body: { message: `Pod '/${id}' does not exist` } };
  if (what === '::status') return { body: pod };
  if (what === '::instances') return { body: pod.instances };
  if (method === 'DELETE') return { status: 202, headers: deployed('dep-p2') };
  return { body: pod.spec, headers: deployed('dep-p2') };
};
