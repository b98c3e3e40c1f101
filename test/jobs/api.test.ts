import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpResponse, request } from '../../src/http/client.ts';
import { type RunningJobs, startJobs } from '../../src/jobs/server.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { jobDocument } from './jobs-harness.ts';

/** The API over a real socket; no master answers, so that runs wait. */

let jobs: RunningJobs;

beforeEach(async () => {
  jobs = await startJobs({
    masterUrls: ['http://127.0.0.1:9'],
    store: memoryStore(),
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    version: '1.2.3',
  });
});

afterEach(() => jobs.close());

const send = (method: string, path: string, body?: unknown): Promise<HttpResponse> =>
  request({
    method,
    url: `${jobs.url}${path}`,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const ask = async (method: string, path: string, body?: unknown) => {
  const answer = await send(method, path, body);
  const text = answer.body.toString();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
};

/** As the DC/OS command line writes it: everything that it knows, with nothing in it. */
const FROM_CLI = {
  id: 'j3',
  description: '',
  run: { cmd: 'sleep 1', cpus: 0.1, gpus: 0, disk: 0, mem: 32, taskKillGracePeriodSeconds: 0 },
};
const SCHEDULE_FROM_CLI = {
  id: 's',
  cron: '* * * * *',
  timeZone: 'UTC',
  concurrencyPolicy: '',
  enabled: false,
  nextRunAt: '',
};

describe('jobs', () => {
  it('are complete in what is answered', async () => {
    const { status, body } = await ask('POST', '/v1/jobs', FROM_CLI);
    expect(status).toBe(201);
    expect(body).toEqual({
      ...FROM_CLI,
      labels: {},
      dependencies: [],
      run: {
        ...FROM_CLI.run,
        artifacts: [],
        env: {},
        maxLaunchDelay: 3600,
        placement: { constraints: [] },
        restart: { policy: 'NEVER' },
        secrets: {},
        volumes: [],
      },
    });
    expect(await ask('GET', '/v1/jobs/j3')).toEqual({ status: 200, body });
    expect(await ask('GET', '/v1/jobs')).toEqual({ status: 200, body: [body] });
  });

  it('show what is asked for beside them, and no empty list of active runs', async () => {
    await ask('POST', '/v1/jobs', FROM_CLI);
    const all = '?embed=activeRuns&embed=schedules&embed=historySummary&embed=history';
    const { body } = await ask('GET', `/v1/jobs/j3${all}`);
    expect(body).not.toHaveProperty('activeRuns');
    expect(body).toMatchObject({
      schedules: [],
      historySummary: { successCount: 0, failureCount: 0, lastSuccessAt: null, lastFailureAt: null },
      history: { successfulFinishedRuns: [], failedFinishedRuns: [] },
    });
    await ask('POST', '/v1/jobs/j3/runs');
    const [job] = (await ask('GET', `/v1/jobs${all}`)).body;
    expect(job.activeRuns).toMatchObject([{ jobId: 'j3', status: 'INITIAL', completedAt: null, tasks: [] }]);
  });

  it('take EQ for IS, and give it back so', async () => {
    const constraint = { attribute: '@region', operator: 'EQ', value: 'us' };
    const job = jobDocument('j', { placement: { constraints: [constraint] } });
    const { body } = await ask('POST', '/v1/jobs', job);
    expect(body.run.placement.constraints).toEqual([{ ...constraint, operator: 'IS' }]);
  });

  it('come with their schedules by the older path', async () => {
    const job = { ...FROM_CLI, schedules: [{ id: 'nights', cron: '0 2 * * *' }] };
    const { body } = await ask('POST', '/v0/scheduled-jobs', job);
    expect(body.schedules).toMatchObject([{ id: 'nights', enabled: true, timeZone: 'UTC' }]);
    const changed = { ...job, schedules: [{ id: 'days', cron: '0 12 * * *' }] };
    const answer = await ask('PUT', '/v0/scheduled-jobs/j3', changed);
    expect(answer.body.schedules).toMatchObject([{ id: 'days' }]);
    await ask('PUT', '/v1/jobs/j3', FROM_CLI);
    expect((await ask('GET', '/v1/jobs/j3/schedules')).body).toMatchObject([{ id: 'days' }]);
  });
});

describe('refusals', () => {
  it.each([
    ['/', null, /object/],
    ['/id', { ...FROM_CLI, id: 'A b' }, /pattern/],
    ['/run', { id: 'j', run: { cpus: 1, mem: 32 } }, /disk/],
    ['/run/mem', jobDocument('j', { mem: 31 }), />= 32/],
    ['/run/cpus', jobDocument('j', { cpus: 'many' }), /number/],
    ['/run', jobDocument('j', { hurry: true }), /hurry/],
    ['/run', jobDocument('j', { args: ['a'] }), /both cmd and args/],
    ['/run', { id: 'j', run: { cpus: 1, mem: 32, disk: 0 } }, /nothing to run/],
    ['/run/env/A', jobDocument('j', { env: { A: { secret: 's' } } }), /none of the secrets/],
    ['/run/volumes/0', jobDocument('j', { volumes: [{ containerPath: 'x' }] }), /hostPath and secret/],
    [
      '/run/placement/constraints/0/operator',
      jobDocument('j', { placement: { constraints: [{ attribute: 'a', operator: 'NEAR' }] } }),
      /IS, EQ, LIKE, UNLIKE/,
    ],
    [
      '/run/placement/constraints/0/value',
      jobDocument('j', { placement: { constraints: [{ attribute: 'a', operator: 'LIKE', value: '(' }] } }),
      /regular expression/,
    ],
    ['/schedules/0/cron', jobDocument('j', {}, { schedules: [{ id: 's', cron: 'soon' }] }), /five fields/],
    [
      '/schedules/0/timeZone',
      jobDocument('j', {}, { schedules: [{ id: 's', cron: '* * * * *', timeZone: 'Moon/Base' }] }),
      /no time zone/,
    ],
  ])('say that %s is wrong', async (path, document, message) => {
    const { status, body } = await ask('POST', '/v1/jobs', document);
    expect({ status, message: body.message }).toEqual({ status: 422, message: 'Object is not valid' });
    expect(body.details).toContainEqual({ path, errors: [expect.stringMatching(message)] });
    expect((await ask('GET', '/v1/jobs')).body).toEqual([]);
  });

  it.each([
    ['GET', '/v1/jobs/x', 404, "Job 'x' does not exist"],
    ['PUT', '/v1/jobs/x', 404, "Job 'x' does not exist"],
    ['DELETE', '/v1/jobs/x', 404, "Job 'x' does not exist"],
    ['POST', '/v1/jobs/x/runs', 404, "Job 'x' does not exist"],
    ['GET', '/v1/jobs/j3/runs/r', 404, "JobRun 'r' does not exist"],
    ['POST', '/v1/jobs/j3/runs/r/actions/stop', 404, "JobRun 'r' does not exist"],
    ['DELETE', '/v1/jobs/j3/schedules/s', 404, "Schedule 's' does not exist"],
    ['GET', '/v1/jobs?embed=everything', 400, 'Unknown embed everything'],
    ['POST', '/v1/jobs', 400, 'no body'],
    ['PATCH', '/v1/jobs', 405, 'not allowed'],
    ['GET', '/v2/jobs', 404, 'No such path'],
  ])('%s %s is answered with %i', async (method, path, expected, message) => {
    await ask('POST', '/v1/jobs', FROM_CLI);
    const { status, body } = await ask(method, path);
    expect(status).toBe(expected);
    expect(body.message).toContain(message);
  });

  it('tell what is there already', async () => {
    await ask('POST', '/v1/jobs', FROM_CLI);
    expect(await ask('POST', '/v1/jobs', FROM_CLI)).toEqual({
      status: 409,
      body: { message: 'Job with this id already exists' },
    });
    await ask('POST', '/v1/jobs/j3/schedules', SCHEDULE_FROM_CLI);
    expect((await ask('POST', '/v1/jobs/j3/schedules', SCHEDULE_FROM_CLI)).status).toBe(409);
  });

  it('come for what is no JSON', async () => {
    expect((await ask('POST', '/v1/jobs', '{bad')).status).toBe(400);
  });

  it.each([
    ['a list', '[]'],
    ['a text', '"job"'],
    ['nothing', 'null'],
    ['a key of all objects', '{"__proto__": {"id": "x"}, "id": "x"}'],
    ['depth', `{"id": "x", "run": ${'{"env":'.repeat(5_000)}1${'}'.repeat(5_000)}}`],
    ['a number that is none', '{"id": "x", "run": {"cmd": "a", "cpus": 1e999, "mem": 32, "disk": 0}}'],
    ['a long id', JSON.stringify(jobDocument('a'.repeat(300)))],
  ])('come for %s in place of a job, and nothing is kept', async (_name, body) => {
    const { status, body: answer } = await ask('POST', '/v1/jobs', body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(answer.message).not.toBe('');
    expect((await ask('GET', '/v1/jobs')).body).toEqual([]);
  });

  it('come for more than a request may bring', async () => {
    const { status } = await send(
      'POST',
      '/v1/jobs',
      JSON.stringify({ id: 'x', description: 'y'.repeat(40_000_000) }),
    );
    expect(status).toBe(413);
  });
});

describe('schedules and runs', () => {
  beforeEach(async () => {
    await ask('POST', '/v1/jobs', FROM_CLI);
  });

  it('are taken as the DC/OS command line sends them', async () => {
    const added = await ask('POST', '/v1/jobs/j3/schedules', SCHEDULE_FROM_CLI);
    expect(added).toEqual({
      status: 201,
      body: {
        id: 's',
        cron: '* * * * *',
        timeZone: 'UTC',
        startingDeadlineSeconds: 900,
        concurrencyPolicy: 'ALLOW',
        enabled: false,
      },
    });
    const changed = await ask('PUT', '/v1/jobs/j3/schedules/s', { ...SCHEDULE_FROM_CLI, enabled: true });
    expect(changed.body.nextRunAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000\+0000$/);
    expect((await ask('DELETE', '/v1/jobs/j3/schedules/s')).status).toBe(200);
    expect((await ask('GET', '/v1/jobs/j3/schedules')).body).toEqual([]);
  });

  it('take the other spelling of time zones', async () => {
    const schedule = { id: 't', cron: '0 9 * * *', timezone: 'Asia/Tokyo' };
    expect((await ask('POST', '/v1/jobs/j3/schedules', schedule)).body).toMatchObject({
      timeZone: 'Asia/Tokyo',
    });
    const both = { id: 'u', cron: '0 9 * * *', timezone: 'Asia/Tokyo', timeZone: 'UTC' };
    expect((await ask('POST', '/v1/jobs/j3/schedules', both)).body).toMatchObject({ timeZone: 'UTC' });
    const wrong = { id: 'v', cron: '0 9 * * *', timezone: 'Moon/Base' };
    expect((await ask('POST', '/v1/jobs/j3/schedules', wrong)).status).toBe(422);
  });

  it('are counted in the metrics, for Prometheus and in the form of Metronome', async () => {
    await ask('POST', '/v1/jobs/j3/runs');
    const { status, headers, body } = await send('GET', '/metrics/prometheus');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/plain');
    expect(body.toString()).toContain('plenum_jobs_runs{state="waiting"} 1');
    expect(body.toString()).toContain('process_resident_memory_bytes');
    for (const path of ['/metrics', '/v1/metrics']) {
      expect((await ask('GET', path)).body.gauges.plenum_jobs).toEqual({ value: 1 });
    }
  });

  it('wait in the queue, with what they have else than their job, until they are stopped', async () => {
    const begun = await ask('POST', '/v1/jobs/j3/runs', { env: { A: '1' } });
    expect(begun.status).toBe(201);
    expect(begun.body.id).toMatch(/^\d{14}[A-Za-z0-9]{5}$/);
    expect(await ask('GET', '/v1/queue')).toEqual({
      status: 200,
      body: [{ jobId: 'j3', runs: [{ runId: begun.body.id }] }],
    });
    expect((await ask('DELETE', '/v1/jobs/j3')).status).toBe(409);
    expect(await ask('POST', `/v1/jobs/j3/runs/${begun.body.id}/actions/stop`)).toEqual({
      status: 200,
      body: {},
    });
    expect((await ask('GET', '/v1/jobs/j3/runs')).body).toEqual([]);
    expect((await ask('GET', '/v1/jobs/j3?embed=history')).body.history.failureCount).toBe(1);
  });
});
