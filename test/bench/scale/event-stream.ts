import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { request } from '../../../src/http/client.ts';
import type { Figure } from '../figures.ts';
import { memoryOf } from '../memory.ts';
import { type AgentsProcess, benchProgram, cpuMsOf, startAgents, startMasterProcess } from './processes.ts';

const SIZE = { agents: 100, tasksPerAgent: 10, frameworks: 10 };
/** Of each agent, in one request. */
const UPDATES_PER_REQUEST = 10;
const STEP = SIZE.agents * UPDATES_PER_REQUEST;
const STEPS = 100;
/** What is on its way, so that nobody who reads falls behind further than the bound. */
const STEPS_AHEAD = 4;
const SUBSCRIBERS = [25, 50, 100];

/**
 * Status updates of agents until all of so many operators have heard of all of them, beside one that reads nothing, which
 * has to be dropped.
 */
export const measureEventStream = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const subscribers of SUBSCRIBERS) figures.push(...(await measure(subscribers)));
  return figures;
};

const measure = async (subscribers: number): Promise<Figure[]> => {
  const master = await startMasterProcess();
  const agents = startAgents(SIZE, master.url);
  await agents.registered();
  const readers = fork(benchProgram('subscribers-main'), [master.url, String(subscribers), String(STEP)]);
  try {
    await once(readers, 'message');
    const cpuBefore = await cpuMsOf(master.pid);
    const started = performance.now();
    await sendAll(agents, readers);
    const ms = performance.now() - started;
    const cpuMs = (await cpuMsOf(master.pid)) - cpuBefore;
    const events = STEP * STEPS;
    const memory = await memoryOf(master.pid);
    const left = await subscribersOf(master.url);
    if (left !== subscribers) throw new Error(`${left} of ${subscribers} subscribers are left`);
    return [
      {
        what: `events to each of ${subscribers} subscribers (another one, which reads nothing, is dropped)`,
        unit: '/s',
        values: [(events / ms) * 1000],
        ...(subscribers === 100 ? { aim: 'over 10,000/s' } : {}),
      },
      {
        what: 'processor time of the master for 10,000 of them',
        unit: 'ms',
        values: [(cpuMs / events) * 10_000],
      },
      { what: 'the master then (PSS)', unit: 'MB', values: [memory] },
    ];
  } finally {
    readers.kill('SIGKILL');
    await agents.stop();
    await master.remove();
  }
};

const sendAll = (agents: AgentsProcess, readers: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    let sent = 0;
    const sendAfter = (heard: number): void => {
      for (; sent < Math.min(STEPS, heard + STEPS_AHEAD); sent++) agents.sendUpdates(UPDATES_PER_REQUEST);
      if (heard === STEPS) resolve();
    };
    readers.on('message', sendAfter);
    sendAfter(0);
  });

const subscribersOf = async (url: string): Promise<number> => {
  const { body } = await request({ url: `${url}/metrics/snapshot` });
  return (JSON.parse(body.toString()) as Record<string, number>)[
    'master/operator_event_stream_subscribers'
  ] as number;
};
