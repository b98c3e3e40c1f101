/**
 * A process to be killed: `durable-child-main FOLDER`. A real master, Marathon, job service and agent start over the files that earlier
 * lives left there. The first line on standard output says what they know: `{"recovered": {key: n}}`. Then they are told ever
 * new things, as fast as they take them, and each line says what was acknowledged: `{"key": …, "n": …}`. Under one key n grows.
 */
import { join } from 'node:path';
import { startAgent } from '../../src/agent/server.ts';
import { request } from '../../src/http/client.ts';
import { MOST_RUNS } from '../../src/jobs/core/begin-run.ts';
import { startJobs } from '../../src/jobs/server.ts';
import { startMarathon } from '../../src/marathon/server.ts';
import { startMaster } from '../../src/master/server.ts';
import type { Resource } from '../../src/mesos/generated/mesos.ts';
import { isReserved, scalarOf } from '../../src/mesos/resources/traits.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { openStore } from '../../src/store/lmdb-store.ts';
import { type FakeMaster, startFakeMaster } from '../agent/fake-master.ts';

/** Writers that are under way at once, each with keys of its own. */
const WRITERS = 6;

const [folder = ''] = process.argv.slice(2);
const common = { log: silentLog, clock: systemClock, random: systemRandom, version: '1.11.1' };

/** Straight to the pipe: what is written there outlives this process. */
const say = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

const send = async (method: string, url: string, body: object): Promise<void> => {
  const answer = await request({
    method,
    url,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.status >= 300) throw new Error(`${url} answered ${answer.status}: ${answer.body}`);
};

const read = async <Answer>(url: string): Promise<Answer> =>
  JSON.parse((await request({ url })).body.toString()) as Answer;

type Numbers = Record<string, number>;

const weightsOf = async (master: string): Promise<Numbers> => {
  const weights = await read<{ role: string; weight: number }[]>(`${master}/weights`);
  return Object.fromEntries(weights.map(({ role, weight }) => [`weight ${role}`, weight]));
};

const quotasOf = async (master: string): Promise<Numbers> => {
  const { configs = [] } = await read<{
    configs?: { role: string; limits?: { cpus?: { value: number } } }[];
  }>(`${master}/quota`);
  return Object.fromEntries(configs.map(({ role, limits }) => [`quota ${role}`, limits?.cpus?.value ?? 0]));
};

const appsOf = async (marathon: string): Promise<Numbers> => {
  const { apps } = await read<{ apps: { id: string; labels: { n?: string } }[] }>(`${marathon}/v2/apps`);
  return Object.fromEntries(apps.map(({ id, labels }) => [`app ${id}`, Number(labels.n)]));
};

/** Each job has one schedule, whose deadline counts up; the runs of the job wait, as no agent has what they need. */
const jobsOf = async (jobs: string): Promise<Numbers> => {
  const all = await read<
    { id: string; activeRuns?: object[]; schedules: { startingDeadlineSeconds: number }[] }[]
  >(`${jobs}/v1/jobs?embed=activeRuns&embed=schedules`);
  return Object.fromEntries(
    all.flatMap(({ id, activeRuns = [], schedules }) => [
      [`job ${id}`, schedules[0]?.startingDeadlineSeconds ?? 0],
      [`runs ${id}`, activeRuns.length],
    ]),
  );
};

/** The job is there from the first writing on. */
const writeJob = async (jobs: string, id: string, n: number): Promise<void> => {
  const document = {
    id,
    run: { cmd: 'true', cpus: 100_000, mem: 32, disk: 0, maxLaunchDelay: 86_400 },
    schedules: [{ id: 's', cron: '0 0 1 1 *', startingDeadlineSeconds: n, enabled: false }],
  };
  if (n === 1) await send('POST', `${jobs}/v0/scheduled-jobs`, document);
  else await send('PUT', `${jobs}/v0/scheduled-jobs/${id}`, document);
};

/** Every reservation is of a thousandth of a CPU. */
const reservationsOf = (resources: readonly Resource[]): Numbers => ({
  'reservation r': Math.round(scalarOf(resources.filter(isReserved), 'cpus') * 1000),
});

const reserve = async (fake: FakeMaster): Promise<void> => {
  const uuid = systemRandom.uuid();
  const resource: Resource = {
    name: 'cpus',
    type: 'SCALAR',
    scalar: { value: 0.001 },
    reservations: [{ type: 'DYNAMIC', role: 'kept' }],
  };
  fake.send({
    type: 'APPLY_OPERATION',
    apply_operation: { uuid, operation: { type: 'RESERVE', reserve: { resources: [resource] } } },
  });
  const isDone = (): boolean =>
    fake.calls.some((call) => call.type === 'OPERATION_UPDATE' && call.operation_update.uuid === uuid);
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
  fake.calls.length = 0;
};

const writeOn = async (
  key: string,
  recovered: Numbers,
  write: (n: number) => Promise<void>,
): Promise<void> => {
  for (let n = (recovered[key] ?? 0) + 1; ; n++) {
    await write(n);
    say({ key, n });
  }
};

/** Runs of a job of their own, as many as there may be. */
const writeRuns = async (): Promise<never> => {
  if (recovered['job k'] === undefined) await writeJob(jobs.url, 'k', 1);
  for (let n = (recovered['runs k'] ?? 0) + 1; n <= MOST_RUNS; n++) {
    await send('POST', `${jobs.url}/v1/jobs/k/runs`, {});
    say({ key: 'runs k', n });
  }
  return new Promise(() => undefined);
};

const store = openStore(join(folder, 'store'));
const fake = await startFakeMaster();
const master = await startMaster({ ...common, store: store.within('master') });
const [jobs, marathon, agent] = await Promise.all([
  startJobs({ ...common, store: store.within('jobs'), masterUrls: [master.url] }),
  startMarathon({ ...common, store: store.within('marathon'), masterUrls: [master.url] }),
  startAgent({
    ...common,
    workDir: join(folder, 'agent'),
    masterUrls: [fake.url],
    resources: 'cpus:1000;mem:1024;disk:1024',
  }),
]);
await agent.registered;
const recovered: Numbers = {
  ...(await weightsOf(master.url)),
  ...(await quotasOf(master.url)),
  ...(await appsOf(marathon.url)),
  ...(await jobsOf(jobs.url)),
  ...reservationsOf(fake.subscriptions()[0]?.checkpointed_resources ?? []),
};
say({ recovered });
fake.calls.length = 0;
const writers = Array.from({ length: WRITERS }, (_, writer) => [
  writeOn(`weight w${writer}`, recovered, (weight) =>
    send('PUT', `${master.url}/weights`, [{ role: `w${writer}`, weight }]),
  ),
  writeOn(`quota q${writer}`, recovered, (value) =>
    send('POST', `${master.url}/api/v1`, {
      type: 'UPDATE_QUOTA',
      update_quota: { force: true, quota_configs: [{ role: `q${writer}`, limits: { cpus: { value } } }] },
    }),
  ),
  writeOn(`app /a${writer}`, recovered, (n) =>
    send('PUT', `${marathon.url}/v2/apps/a${writer}?force=true`, {
      cmd: 'sleep 1000',
      instances: 0,
      labels: { n: String(n) },
    }),
  ),
]);
await Promise.race([
  ...writers.flat(),
  writeOn('reservation r', recovered, () => reserve(fake)),
  writeOn('job j', recovered, (n) => writeJob(jobs.url, 'j', n)),
  writeRuns(),
]);
