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
    async () => {
      const answer = (await send('GET', `${marathon}/v2/apps/${id}`)) as { app: { tasksRunning: number } };
      return answer.app.tasksRunning >= instances;
    },
    { everyMs: instances > 1 ? 50 : 5, timeoutMs: 120_000 },
  );
  return performance.now() - started;
};

/** Removes an app and waits until none of its tasks is left. */
export const removeApp = async ({ marathon }: ClusterAddresses, id: string): Promise<void> => {
  await send('DELETE', `${marathon}/v2/apps/${id}?force=true`);
  await waitFor(`${id} is gone`, async () => {
    const { tasks } = (await send('GET', `${marathon}/v2/tasks`)) as { tasks: { appId: string }[] };
    return !tasks.some((task) => task.appId === `/${id}`);
  });
};
