import { execFile } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { request } from '../../../src/http/client.ts';
import type { Figure } from '../figures.ts';
import { memoryOf } from '../memory.ts';
import { benchProgram, startAgents, startMasterProcess } from './processes.ts';
import type { ClusterSize } from './virtual-cluster.ts';

const ROUNDS = 7;
/** Within it the master has prepared the first answer, in the background. */
const REST_MS = 10_000;
const JSON_CALL = { 'Content-Type': 'application/json', Accept: 'application/json' };
const PROTOBUF_CALL = { 'Content-Type': 'application/json', Accept: 'application/x-protobuf' };

interface BigRead {
  readonly what: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const READS: readonly BigRead[] = [
  { what: '`/state`', path: '/state' },
  { what: '`/state`, zipped', path: '/state', headers: { 'Accept-Encoding': 'gzip' } },
  { what: '`/state-summary`', path: '/state-summary' },
  { what: '`/slaves`', path: '/slaves' },
  { what: '`/tasks?limit=100`', path: '/tasks?limit=100' },
  { what: '`/roles`', path: '/roles' },
  { what: '`/metrics/snapshot`', path: '/metrics/snapshot' },
  { what: 'GET_STATE, JSON', path: '/api/v1', body: '{"type":"GET_STATE"}', headers: JSON_CALL },
  { what: 'GET_STATE, protobuf', path: '/api/v1', body: '{"type":"GET_STATE"}', headers: PROTOBUF_CALL },
];

/** How long reads about the whole cluster take, and how long `/health` waits for them at most. */
export const measureBigReads = async (sizes: readonly ClusterSize[]): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const size of sizes) figures.push(...(await measureSize(size)));
  return figures;
};

const measureSize = async (size: ClusterSize): Promise<Figure[]> => {
  const master = await startMasterProcess();
  const agents = startAgents(size, master.url);
  try {
    await agents.registered();
    await setTimeout(REST_MS);
    const ofSize = `${size.agents.toLocaleString('en')} agents with ${(size.agents * size.tasksPerAgent).toLocaleString('en')} tasks`;
    const isAimed = size.agents === 10_000;
    const figures: Figure[] = [];
    for (const [index, read] of READS.entries()) {
      const times: number[] = [];
      const waits: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const { ms, longestWaitMs } = await timeRead(master.url, read);
        times.push(ms);
        waits.push(longestWaitMs);
      }
      const first = {
        what: `the first ${read.what}, ${REST_MS / 1000} s after all agents were there, ${ofSize}`,
        unit: 'ms' as const,
        values: times.slice(0, 1),
      };
      if (index === 0) figures.push({ ...first, ...(isAimed ? { aim: 'under 1,000 ms' } : {}) });
      figures.push({
        what: `${read.what}, ${ofSize}`,
        unit: 'ms',
        values: times.slice(1),
        ...(isAimed ? { aim: 'under 1,000 ms' } : {}),
      });
      figures.push({
        what: 'the longest wait of `/health` meanwhile',
        unit: 'ms',
        values: waits,
        ...(isAimed ? { aim: 'under 20 ms' } : {}),
      });
    }
    const readers = 16;
    figures.push({
      what: `${readers} readers of \`/state\` at once`,
      unit: 'ms',
      values: [await timeOf(master.url, { what: '', path: '/state' }, readers)],
    });
    figures.push({
      what: `the master then (PSS), ${ofSize}`,
      unit: 'MB',
      values: [await memoryOf(master.pid)],
    });
    return figures;
  } finally {
    await agents.stop();
    await master.remove();
  }
};

/** In a process of its own, which does nothing but read. */
const timeOf = async (
  url: string,
  { path, body, headers = {} }: BigRead,
  readers: number,
): Promise<number> => {
  const method = body === undefined ? 'GET' : 'POST';
  const asked = JSON.stringify({ url: `${url}${path}`, method, headers, body });
  const args = [benchProgram('reader-main'), String(readers), asked];
  return Number((await promisify(execFile)(process.execPath, args)).stdout);
};

/** How long it takes, and how long `/health` waits meanwhile. */
export const timeRead = async (
  url: string,
  read: BigRead,
): Promise<{ ms: number; longestWaitMs: number }> => {
  let isReading = true;
  let longestWaitMs = 0;
  const watch = (async () => {
    while (isReading) {
      const asked = performance.now();
      await request({ url: `${url}/health` });
      longestWaitMs = Math.max(longestWaitMs, performance.now() - asked);
    }
  })();
  const ms = await timeOf(url, read, 1);
  isReading = false;
  await watch;
  return { ms, longestWaitMs };
};
