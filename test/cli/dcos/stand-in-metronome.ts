import { type Part, parsedBody, type StoredAnswers } from './answers.ts';

const ROOT = '/service/metronome/v1';

/** Metronome below its path. */
export const metronomePart =
  (stored: StoredAnswers): Part =>
  (asked) => {
    const { method, path } = asked;
    if (!path.startsWith(ROOT)) return undefined;
    const isGet = method === 'GET';
    if (path === `${ROOT}/jobs`) {
      return isGet ? { body: Object.values(stored.jobs) } : { status: 201, body: parsedBody(asked) };
    }
    const [, id = '', rest = ''] = /^\/jobs\/([^/]+)(\/.*)?$/.exec(path.slice(ROOT.length)) ?? [];
    const job = stored.jobs[id];
    if (!job) return { status: 404, body: { message: `Job '${id}' does not exist` } };
    const echo = method === 'PUT' ? { body: parsedBody(asked) } : {};
    if (rest === '') return isGet ? { body: job } : echo;
    if (rest === '/runs') return isGet ? { body: [stored.run] } : { status: 201, body: stored.run };
    if (rest.endsWith('/actions/stop')) return { body: {} };
    if (rest.startsWith('/runs/')) return { body: stored.run };
    if (rest === '/schedules') {
      return isGet ? { body: job.schedules } : { status: 201, body: parsedBody(asked) };
    }
    return rest.startsWith('/schedules/') ? echo : undefined;
  };
