import { readJson } from '../../http/body.ts';
import { HttpError } from '../../http/http-error.ts';
import { send, sendJson, sendText } from '../../http/respond.ts';
import type { Exchange, Handler, Method, Router } from '../../http/router.ts';
import { PROMETHEUS_CONTENT_TYPE, prometheusText } from '../../runtime/prometheus-text.ts';
import { unknownJob, unknownRun, unknownSchedule } from '../core/refusal.ts';
import type { JobRecord } from '../core/state.ts';
import { readJob, readRunOverride, readSchedule } from '../definitions/read-job.ts';
import type { JobsEngine } from '../engine.ts';
import { toHttpError } from './errors.ts';
import { type Embed, jobJson, jobWithEmbeds, queueJson, runJson, scheduleJson } from './job-json.ts';
import { allMetrics, dropwizardMetrics, jobMetrics } from './metrics.ts';

export interface ApiContext {
  readonly engine: JobsEngine;
  readonly now: () => number;
  readonly version: string;
}

/** Metronome's API (cli.md 9): jobs, their schedules and runs, what waits; v0 takes jobs together with their schedules. */
export const addJobRoutes = (router: Router, context: ApiContext): void => {
  const { engine, now, version } = context;
  const on = (method: Method, path: string, handler: Handler): void => {
    router.on(method, path, translating(handler));
  };
  on('GET', '/ping', ({ response }) => sendText(response, 200, 'pong'));
  on('GET', '/info', ({ response }) => sendJson(response, 200, { version, libVersion: version }));
  for (const path of ['/metrics', '/v1/metrics']) {
    on('GET', path, ({ response }) => sendJson(response, 200, dropwizardMetrics(jobMetrics(engine, now()))));
  }
  on('GET', '/metrics/prometheus', ({ response }) =>
    send(response, 200, prometheusText(allMetrics(engine, now())), {
      'Content-Type': PROMETHEUS_CONTENT_TYPE,
    }),
  );
  on('GET', '/v1/queue', ({ response }) => sendJson(response, 200, queueJson(engine.waiting())));

  on('GET', '/v1/jobs', ({ response, query }) => {
    const embeds = embedsOf(query);
    sendJson(
      response,
      200,
      engine.jobs().map((job) => jobWithEmbeds(engine, job, embeds)),
    );
  });
  on('POST', '/v1/jobs', (exchange) => addJob(context, exchange, { withSchedules: false }));
  on('POST', '/v0/scheduled-jobs', (exchange) => addJob(context, exchange, { withSchedules: true }));
  on('GET', '/v1/jobs/:job', ({ response, query, params }) => {
    sendJson(response, 200, jobWithEmbeds(engine, jobOf(engine, params), embedsOf(query)));
  });
  on('PUT', '/v1/jobs/:job', (exchange) => updateJob(context, exchange, { withSchedules: false }));
  on('PUT', '/v0/scheduled-jobs/:job', (exchange) => updateJob(context, exchange, { withSchedules: true }));
  on('DELETE', '/v1/jobs/:job', async ({ response, query, params }) => {
    const { definition } = jobOf(engine, params);
    const stopsRuns = query.get('stopCurrentJobRuns')?.toLowerCase() === 'true';
    await engine.change({ type: 'remove-job', jobId: definition.id, stopsRuns });
    sendJson(response, 200, jobJson(definition));
  });
  addScheduleRoutes(on, context);
  addRunRoutes(on, context);
};

type On = (method: Method, path: string, handler: Handler) => void;

const addScheduleRoutes = (on: On, { engine, now }: ApiContext): void => {
  const scheduleOf = (jobId: string, id: string): object => {
    const schedule = engine.job(jobId)?.schedules.find((known) => known.id === id);
    if (!schedule) throw unknownSchedule(id);
    return scheduleJson(schedule);
  };
  on('GET', '/v1/jobs/:job/schedules', ({ response, params }) => {
    sendJson(response, 200, jobOf(engine, params).schedules.map(scheduleJson));
  });
  on('POST', '/v1/jobs/:job/schedules', async ({ request, response, params }) => {
    const jobId = jobOf(engine, params).definition.id;
    const schedule = await readSchedule(await bodyOf(request), now());
    await engine.change({ type: 'add-schedule', jobId, schedule });
    sendJson(response, 201, scheduleOf(jobId, schedule.id));
  });
  on('GET', '/v1/jobs/:job/schedules/:schedule', ({ response, params }) => {
    const { job = '', schedule = '' } = params;
    jobOf(engine, params);
    sendJson(response, 200, scheduleOf(job, schedule));
  });
  on('PUT', '/v1/jobs/:job/schedules/:schedule', async ({ request, response, params }) => {
    const { schedule: id = '' } = params;
    const jobId = jobOf(engine, params).definition.id;
    const given = await bodyOf(request);
    const document = typeof given === 'object' && given !== null ? { ...given, id } : given;
    const schedule = await readSchedule(document, now());
    await engine.change({ type: 'update-schedule', jobId, schedule });
    sendJson(response, 200, scheduleOf(jobId, id));
  });
  on('DELETE', '/v1/jobs/:job/schedules/:schedule', async ({ response, params }) => {
    const { job = '', schedule: scheduleId = '' } = params;
    await engine.change({ type: 'remove-schedule', jobId: job, scheduleId });
    sendJson(response, 200, {});
  });
};

const addRunRoutes = (on: On, { engine }: ApiContext): void => {
  on('GET', '/v1/jobs/:job/runs', ({ response, params }) => {
    const { definition } = jobOf(engine, params);
    sendJson(response, 200, engine.runs(definition.id).map(runJson));
  });
  on('POST', '/v1/jobs/:job/runs', async ({ request, response, params }) => {
    const jobId = jobOf(engine, params).definition.id;
    const override = await readRunOverride(await readJson(request));
    const runId = await engine.change({ type: 'start-run', jobId, override });
    const run = engine.run(runId ?? '');
    // One that was stopped at once is gone already.
    sendJson(response, 201, run ? runJson(run) : { id: runId, jobId });
  });
  on('GET', '/v1/jobs/:job/runs/:run', ({ response, params }) => {
    const { run: id = '' } = params;
    const run = engine.run(id);
    if (run?.jobId !== jobOf(engine, params).definition.id) throw unknownRun(id);
    sendJson(response, 200, runJson(run));
  });
  on('POST', '/v1/jobs/:job/runs/:run/actions/stop', async ({ response, params }) => {
    const { job: jobId = '', run: runId = '' } = params;
    await engine.change({ type: 'stop-run', jobId, runId });
    sendJson(response, 200, {});
  });
};

const jobOf = (engine: JobsEngine, { job: id = '' }: Exchange['params']): JobRecord => {
  const job = engine.job(id);
  if (!job) throw unknownJob(id);
  return job;
};

const EMBEDS: ReadonlySet<string> = new Set(['activeRuns', 'schedules', 'history', 'historySummary']);

const embedsOf = (query: URLSearchParams): ReadonlySet<Embed> => {
  const embeds = query.getAll('embed');
  const unknown = embeds.find((embed) => !EMBEDS.has(embed));
  if (unknown !== undefined) {
    const message = `Unknown embed ${unknown}: expected some of ${[...EMBEDS].join(', ')}`;
    throw new HttpError(400, message, { body: { message } });
  }
  return new Set(embeds as Embed[]);
};

const addJob = async (
  { engine, now }: ApiContext,
  { request, response }: Exchange,
  { withSchedules }: { withSchedules: boolean },
): Promise<void> => {
  const { job, schedules } = await readJob(await bodyOf(request), now());
  await engine.change({ type: 'add-job', job, schedules: withSchedules ? schedules : [] });
  answerJob({ engine, response, id: job.id, status: 201, withSchedules });
};

const updateJob = async (
  { engine, now }: ApiContext,
  { request, response, params }: Exchange,
  { withSchedules }: { withSchedules: boolean },
): Promise<void> => {
  const { id } = jobOf(engine, params).definition;
  const given = await bodyOf(request);
  const document = typeof given === 'object' && given !== null ? { ...given, id } : given;
  const { job, schedules } = await readJob(document, now());
  await engine.change({ type: 'update-job', job, ...(withSchedules ? { schedules } : {}) });
  answerJob({ engine, response, id, status: 200, withSchedules });
};

const answerJob = ({
  engine,
  response,
  id,
  status,
  withSchedules,
}: {
  engine: JobsEngine;
  response: Exchange['response'];
  id: string;
  status: number;
  withSchedules: boolean;
}): void => {
  const job = engine.job(id);
  if (!job) throw unknownJob(id);
  const embeds: ReadonlySet<Embed> = new Set(withSchedules ? ['schedules'] : []);
  sendJson(response, status, jobWithEmbeds(engine, job, embeds));
};

/** Throws HttpError 400 where there is no JSON. */
const bodyOf = async (request: Exchange['request']): Promise<unknown> => {
  const body = await readJson(request);
  if (body === undefined) throw new HttpError(400, 'The request has no body, expected JSON');
  return body;
};

const translating =
  (handler: Handler): Handler =>
  async (exchange) => {
    try {
      await handler(exchange);
    } catch (error) {
      throw toHttpError(error);
    }
  };
