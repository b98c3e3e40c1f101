import { performance } from 'node:perf_hooks';
import { request } from '../../src/http/client.ts';
import type { ClusterAddresses } from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';

const send = async (method: string, url: string, body?: unknown): Promise<unknown> => {
  const answer = await request({
    method,
    url,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = answer.body.toString();
  if (answer.status >= 300) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
};

/** Milliseconds from the POST of an app of `sleep` tasks until all its instances run. */
export const timeAppUntilRunning = async (
  { marathon }: ClusterAddresses,
  id: string,
  instances: number,
): Promise<number> => {
  const started = performance.now();
  const app = { id, cmd: 'exec sleep 100000', cpus: 0.001, mem: 1, instances };
  await send('POST', `${marathon}/v2/apps`, app);
  await waitFor(
    `${instances} instances of ${id} run`,
    async () => (await countOfRunning(marathon, id)) >= instances,
    patienceFor(instances),
  );
  return performance.now() - started;
};

/**
 * Milliseconds from the DELETE of an app until its deployment is over, which is when the last of its tasks has ended and
 * the end is known everywhere. An app that is being removed is not listed any more, so its tasks cannot be counted.
 */
export const timeRemovalOfApp = async (
  { marathon }: ClusterAddresses,
  id: string,
  instances: number,
): Promise<number> => {
  const started = performance.now();
  await send('DELETE', `${marathon}/v2/apps/${id}?force=true`);
  await waitFor(
    `${id} is gone`,
    async () => ((await send('GET', `${marathon}/v2/deployments`)) as unknown[]).length === 0,
    patienceFor(instances),
  );
  return performance.now() - started;
};

/** Asking is work, too: the answer is a count and no list, and for many instances it is asked for rarely. */
const patienceFor = (instances: number): { everyMs: number; timeoutMs: number } => ({
  everyMs: instances > 1 ? 50 : 5,
  timeoutMs: 120_000,
});

const countOfRunning = async (marathon: string, id: string): Promise<number> => {
  const { apps } = (await send('GET', `${marathon}/v2/apps?id=${id}&embed=apps.counts`)) as {
    apps: { id: string; tasksRunning: number }[];
  };
  return apps.find((app) => app.id === `/${id}`)?.tasksRunning ?? 0;
};
