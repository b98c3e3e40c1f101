import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

/** The requests and the tables of the original (cli.md 9). */

const RUN = {
  id: '20200102000000xyz',
  jobId: 'job1',
  status: 'ACTIVE',
  createdAt: '2020-01-02T00:00:00.000+0000',
  completedAt: null,
  tasks: [],
};
const SCHEDULE = {
  id: 's1',
  cron: '* * * * *',
  timeZone: 'UTC',
  enabled: true,
  concurrencyPolicy: 'ALLOW',
  nextRunAt: '2020-01-03T00:00:00.000+0000',
};
const SUMMARY = {
  successCount: 1,
  failureCount: 1,
  lastSuccessAt: '2020-01-02T00:00:00.000+0000',
  lastFailureAt: '2020-01-01T00:00:00.000+0000',
};
const JOB = { id: 'job1', run: { cmd: 'x', cpus: 0.1, mem: 32, disk: 0 } };
const HISTORY = {
  ...SUMMARY,
  successfulFinishedRuns: [
    {
      id: '20200102000000abc',
      createdAt: '2020-01-02T00:00:00.000+0000',
      finishedAt: '2020-01-02T00:00:10.000+0000',
    },
  ],
  failedFinishedRuns: [],
};
const BASE = '/service/metronome/v1';
const EMBEDS = 'embed=activeRuns&embed=schedules';

let cluster: FakeCluster;

beforeEach(async () => {
  cluster = await startFakeCluster({
    [`GET ${BASE}/jobs`]: {
      body: [
        { ...JOB, activeRuns: [RUN], schedules: [], historySummary: SUMMARY },
        { id: 'job2', schedules: [SCHEDULE], historySummary: { successCount: 0, failureCount: 0 } },
        {
          id: 'job3',
          schedules: [],
          historySummary: { ...SUMMARY, lastFailureAt: '2021-01-01T00:00:00.000+0000' },
        },
      ],
    },
    [`POST ${BASE}/jobs`]: { status: 201, body: JOB },
    [`GET ${BASE}/jobs/job1`]: { body: { ...JOB, history: HISTORY } },
    [`PUT ${BASE}/jobs/job1`]: { body: JOB },
    [`DELETE ${BASE}/jobs/job1`]: { body: {} },
    [`GET ${BASE}/jobs/job1/runs`]: { body: [RUN] },
    [`POST ${BASE}/jobs/job1/runs`]: { status: 201, body: RUN },
    [`GET ${BASE}/jobs/job1/runs/r`]: { body: RUN },
    [`POST ${BASE}/jobs/job1/runs/${RUN.id}/actions/stop`]: { body: {} },
    [`GET ${BASE}/jobs/job1/schedules`]: { body: [SCHEDULE] },
    [`POST ${BASE}/jobs/job1/schedules`]: { status: 201, body: SCHEDULE },
    [`PUT ${BASE}/jobs/job1/schedules/s1`]: { body: SCHEDULE },
    [`DELETE ${BASE}/jobs/job1/schedules/s1`]: { body: {} },
    [`GET ${BASE}/queue`]: { body: [{ jobId: 'job1', runs: [{ runId: 'r1' }] }] },
  });
});

afterEach(() => cluster.close());

const run = (...args: string[]) => cluster.run(['job', ...args]);
const table = async (...args: string[]): Promise<string[]> =>
  (await run(...args)).stdout.trimEnd().split('\n');
const targets = (): string[] => cluster.server.requests.map(({ method, target }) => `${method} ${target}`);

describe('what there is', () => {
  it('is listed with its state and how it ended last', async () => {
    expect(await table('list')).toEqual([
      'ID    STATUS       LAST RUN',
      'job1  Running      Success',
      'job2  Scheduled    N/A',
      'job3  Unscheduled  Failure',
    ]);
    expect(targets()).toEqual([`GET ${BASE}/jobs?${EMBEDS}&embed=historySummary`]);
    expect(await table('list', '-q')).toEqual(['job1', 'job2', 'job3']);
    expect(JSON.parse((await run('list', '--json')).stdout)[0]).toMatchObject(JOB);
  });

  it('is shown, with its runs', async () => {
    expect(JSON.parse((await run('show', 'job1')).stdout)).toMatchObject(JOB);
    expect(await table('show', 'runs', 'job1')).toEqual([
      'TASK ID            JOB ID  STARTED AT',
      '20200102000000xyz  job1    2020-01-02T00:00:00.000+0000',
    ]);
    expect(await table('show', 'runs', 'job1', '--run-id', 'r', '-q')).toEqual([RUN.id]);
    expect(targets().slice(1)).toEqual([`GET ${BASE}/jobs/job1/runs`, `GET ${BASE}/jobs/job1/runs/r`]);
  });

  it('has a history', async () => {
    expect(await table('history', 'job1')).toEqual([
      '"job1"  Successful runs: 1 Last Success: 2020-01-02T00:00:00.000+0000',
      'RUN ID             STARTED                       FINISHED',
      '20200102000000abc  2020-01-02T00:00:00.000+0000  2020-01-02T00:00:10.000+0000',
    ]);
    expect(targets()).toEqual([`GET ${BASE}/jobs/job1?${EMBEDS}&embed=history`]);
    expect(await table('history', 'job1', '--failures')).toEqual([
      '"job1"  Failure runs: 1 Last Failure: 2020-01-01T00:00:00.000+0000',
    ]);
    expect(await table('history', 'job1', '-q', '--last')).toEqual(['20200102000000abc']);
  });

  it('waits in a queue', async () => {
    expect(await table('queue')).toEqual(['JOB ID  RUN ID', 'job1    r1']);
    expect((await run('queue', 'nope')).code).toBe(3);
  });

  it('has its times', async () => {
    expect(await table('schedule', 'show', 'job1')).toEqual([
      'ID  CRON       ENABLED  NEXT RUN                      CONCURRENCY POLICY',
      's1  * * * * *  True     2020-01-03T00:00:00.000+0000  ALLOW',
    ]);
  });
});

describe('changes', () => {
  it('are sent as the original sends them', async () => {
    const job = { id: 'job1', run: JOB.run, schedules: [{ id: 's', cron: '* * * * *' }] };
    const input = JSON.stringify(job);
    await cluster.run(['job', 'add'], { input });
    await cluster.run(['job', 'update'], { input });
    await run('remove', 'job1');
    await run('remove', 'job1', '--stop-current-job-runs');
    await run('kill', 'job1', '--all');
    await cluster.run(['job', 'schedule', 'update', 'job1'], { input: JSON.stringify(SCHEDULE) });
    await run('schedule', 'remove', 'job1', 's1');
    const { schedules, ...alone } = job;
    expect(cluster.changes()).toEqual([
      `POST ${BASE}/jobs ${JSON.stringify(alone)}`,
      `POST ${BASE}/jobs/job1/schedules ${JSON.stringify(schedules[0])}`,
      `PUT ${BASE}/jobs/job1 ${JSON.stringify(alone)}`,
      `DELETE ${BASE}/jobs/job1`,
      `DELETE ${BASE}/jobs/job1?stopCurrentJobRuns=true`,
      `POST ${BASE}/jobs/job1/runs/${RUN.id}/actions/stop`,
      `PUT ${BASE}/jobs/job1/schedules/s1 ${JSON.stringify(SCHEDULE)}`,
      `DELETE ${BASE}/jobs/job1/schedules/s1`,
    ]);
  });

  it('print the id of a run, or the run', async () => {
    expect((await run('run', 'job1')).stdout).toBe(`${RUN.id}\n`);
    expect(JSON.parse((await run('run', 'job1', '--json')).stdout)).toEqual(RUN);
  });

  it.each([
    [['kill', 'job1'], 'Name a run, or give --all'],
    [['kill', 'job1', 'r', '--all'], 'Name a run, or give --all'],
    [['show'], 'job'],
  ])('%j is refused as wrong usage', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(cluster.changes()).toEqual([]);
  });

  it('say what is wrong with a document, and where the server found it', async () => {
    const noId = await cluster.run(['job', 'add'], { input: '{"run":{}}' });
    expect(noId).toMatchObject({ code: 1, stderr: expect.stringContaining('needs an "id"') });
    cluster.answers[`POST ${BASE}/jobs`] = {
      status: 422,
      body: { message: 'Object is not valid', details: [{ path: '/run/cpus', errors: ['must be > 0'] }] },
    };
    const refused = await cluster.run(['job', 'add'], { input: JSON.stringify(JOB) });
    expect(refused.stderr).toContain('/run/cpus: must be > 0');
  });
});
