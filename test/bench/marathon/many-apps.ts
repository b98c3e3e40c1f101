import { performance } from 'node:perf_hooks';
import { request } from '../../../src/http/client.ts';
import { createPlenumHome } from '../../support/plenum.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Figure } from '../figures.ts';

const SIZES = [250, 500, 1_000];
const LISTS = 10;
const WAITING = { everyMs: 100, timeoutMs: 180_000 };

/** Apps of one instance each, on a real cluster of three agents: created one by one, listed, removed one by one. */
export const measureManyApps = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const size of SIZES) figures.push(...(await measure(size)));
  return figures;
};

const measure = async (count: number): Promise<Figure[]> => {
  const home = await createPlenumHome();
  try {
    const { marathon } = await home.up('--agents', '3');
    const ids = Array.from({ length: count }, (_, index) => `team-${index % 20}/app-${index}`);
    const began = performance.now();
    for (const id of ids) await create(marathon, id);
    const createdMs = performance.now() - began;
    await waitFor('all run', async () => (await runningOf(marathon)) === count, WAITING);
    const runningMs = performance.now() - began;
    const lists: number[] = [];
    const waits: number[] = [];
    for (let round = 0; round < LISTS; round++) {
      const { ms, longestWaitMs } = await timeList(marathon);
      lists.push(ms);
      waits.push(longestWaitMs);
    }
    const removing = performance.now();
    for (const id of ids) await send('DELETE', `${marathon}/v2/apps/${id}`);
    await waitFor('all are gone', async () => (await deploymentsOf(marathon)) === 0, WAITING);
    const removedMs = performance.now() - removing;
    const apps = `${count.toLocaleString('en')} apps`;
    const isAimed = count === SIZES.at(-1);
    return [
      { what: `${apps} created, one request each`, unit: 'ms', values: [createdMs] },
      { what: `${apps} created until all run`, unit: 'ms', values: [runningMs] },
      {
        what: `\`/v2/apps?embed=apps.tasks\` of ${apps}`,
        unit: 'ms',
        values: lists,
        ...(isAimed ? { aim: 'under 100 ms' } : {}),
      },
      { what: 'the longest wait of `/ping` meanwhile', unit: 'ms', values: waits },
      { what: `${apps} removed, one request each, until none runs`, unit: 'ms', values: [removedMs] },
    ];
  } finally {
    await home.remove();
  }
};

const create = async (marathon: string, id: string): Promise<void> => {
  const app = { id, cmd: 'exec sleep 100000', cpus: 0.001, mem: 1, instances: 1 };
  await send('POST', `${marathon}/v2/apps`, JSON.stringify(app));
};

/** Only so many deployments may run at a time: one more has to wait. */
const send = async (method: string, url: string, body?: string): Promise<void> => {
  const headers = { 'Content-Type': 'application/json' };
  await waitFor(
    `${method} ${url} is taken`,
    async () => {
      const { status } = await request({ method, url, headers, ...(body === undefined ? {} : { body }) });
      if (status >= 300 && status !== 403) throw new Error(`${method} ${url} answered ${status}`);
      return status < 300;
    },
    { everyMs: 10, timeoutMs: 60_000 },
  );
};

const read = async (url: string): Promise<unknown> => JSON.parse((await request({ url })).body.toString());

const runningOf = async (marathon: string): Promise<number> => {
  const { apps } = (await read(`${marathon}/v2/apps?embed=apps.counts`)) as {
    apps: { tasksRunning: number }[];
  };
  return apps.reduce((sum, { tasksRunning }) => sum + tasksRunning, 0);
};

const deploymentsOf = async (marathon: string): Promise<number> =>
  ((await read(`${marathon}/v2/deployments`)) as unknown[]).length;

const timeList = async (marathon: string): Promise<{ ms: number; longestWaitMs: number }> => {
  let isReading = true;
  let longestWaitMs = 0;
  const watch = (async () => {
    while (isReading) {
      const asked = performance.now();
      await request({ url: `${marathon}/ping` });
      longestWaitMs = Math.max(longestWaitMs, performance.now() - asked);
    }
  })();
  const started = performance.now();
  await request({ url: `${marathon}/v2/apps?embed=apps.tasks` });
  const ms = performance.now() - started;
  isReading = false;
  await watch;
  return { ms, longestWaitMs };
};
