import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { request } from '../../../src/http/client.ts';
import type { Figure } from '../figures.ts';
import { memoryOf } from '../memory.ts';
import { benchProgram } from '../scale/processes.ts';
import { builtUniverse } from './make-universe.ts';

const LARGE_BYTES = 39 * 1024 * 1024;
const RUNS = 3;

/** The package service in a process of its own: what it takes, and how long others wait while it reads 40 MB. */
export const measureService = async (folder: string, universe: string): Promise<Figure[]> => {
  const memory: number[] = [];
  const heldUp: number[] = [];
  const waits: number[] = [];
  const large = await serve(builtUniverse(LARGE_BYTES));
  try {
    for (let run = 0; run < RUNS; run++) {
      const child = fork(benchProgram('universe-service-main'), [join(folder, `service-${run}`), universe]);
      const [{ url }] = (await once(child, 'message')) as [{ url: string }];
      await post(url, 'search', {});
      memory.push(await memoryOf(child.pid ?? 0));
      await longestDelay(child);
      const adding = post(url, 'repository/add', { name: 'large', uri: large.url });
      waits.push(await longestWait(url, adding));
      heldUp.push(await longestDelay(child));
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  } finally {
    large.close();
  }
  return [
    { what: 'package service with 1,235 versions (PSS)', unit: 'MB', values: memory, aim: 'under 150 MB' },
    {
      what: 'longest that another request takes while 40 MB are added',
      unit: 'ms',
      values: waits,
      aim: 'under 50 ms',
    },
    { what: 'longest that the event loop is held up meanwhile', unit: 'ms', values: heldUp },
  ];
};

const serve = async (text: string): Promise<{ url: string; close: () => void }> => {
  const body = Buffer.from(text);
  const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/repo`,
    close: () => server.close(),
  };
};

const post = async (url: string, operation: string, body: object): Promise<void> => {
  const type = `application/vnd.dcos.package.${operation.replace('/', '.')}`;
  const { status, body: answer } = await request({
    url: `${url}/package/${operation}`,
    method: 'POST',
    headers: {
      'Content-Type': `${type}-request+json;charset=utf-8;version=v1`,
      Accept: `${type}-response+json;charset=utf-8;version=v1`,
    },
    body: JSON.stringify(body),
    timeoutMs: 120_000,
  });
  if (status !== 200) throw new Error(`${operation} answered ${status}: ${answer}`);
};

const longestWait = async (url: string, until: Promise<void>): Promise<number> => {
  const state = { isOver: false };
  const over = until.finally(() => {
    state.isOver = true;
  });
  let longest = 0;
  while (!state.isOver) {
    const begun = performance.now();
    await request({ url: `${url}/capabilities` });
    longest = Math.max(longest, performance.now() - begun);
  }
  await over;
  return longest;
};

const longestDelay = async (child: ChildProcess): Promise<number> => {
  child.send('delay');
  const [{ heldUpMs }] = (await once(child, 'message')) as [{ heldUpMs: number }];
  return heldUpMs;
};
