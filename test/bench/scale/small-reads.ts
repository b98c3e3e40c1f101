import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import type { Figure } from '../figures.ts';
import { benchProgram, startMasterProcess } from './processes.ts';

const ROUNDS = 5;
const CONNECTIONS = 16;
const SECONDS = 3;

const run = promisify(execFile);

/** Requests per second with 16 connections: by wrk where it is installed, else by a program of ours, which says less. */
const requestsPerSecond = async (url: string): Promise<number> => {
  try {
    const { stdout } = await run('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, url]);
    return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    process.stderr.write(
      'wrk is not installed (apt-get install wrk): a program in Node.js asks in its place\n',
    );
    const args = [benchProgram('load-main'), url, String(CONNECTIONS), String(SECONDS)];
    const { stdout } = await run(process.execPath, args);
    return Number(stdout);
  }
};

/** Small reads of a master, beside what a server of node:http that answers the same does. */
export const measureSmallReads = async (): Promise<Figure[]> => {
  const floor = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Length': '0' });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(floor, 'listening');
  const address = floor.address();
  const floorUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/health`;
  const master = await startMasterProcess();
  try {
    const candidates = [
      {
        what: 'an empty answer of node:http itself, which is the floor',
        url: floorUrl,
        values: [] as number[],
      },
      { what: '`/health`', url: `${master.url}/health`, values: [] as number[], aim: 'over 19,000/s' },
      { what: '`/version`', url: `${master.url}/version`, values: [] as number[] },
      { what: '`/state` of an empty cluster', url: `${master.url}/state`, values: [] as number[] },
    ];
    for (let round = 0; round < ROUNDS; round++) {
      for (const { url, values } of candidates) values.push(await requestsPerSecond(url));
    }
    return candidates.map(({ what, values, aim }) => ({ what, unit: '/s', values, ...(aim ? { aim } : {}) }));
  } finally {
    floor.closeAllConnections();
    floor.close();
    await master.remove();
  }
};
