import { fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import type { Figure } from '../figures.ts';
import { memoryOf } from '../memory.ts';
import { benchProgram, cpuMsOf, startAgents, startMasterProcess } from './processes.ts';

const SIZE = { agents: 100, tasksPerAgent: 10, frameworks: 10 };
const EVENTS = 50_000;
const SUBSCRIBERS = [25, 50, 100];

/**
 * Status updates of agents until the last of so many operators has heard of the last one, and one subscriber beside them
 * that reads nothing.
 */
export const measureEventStream = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const subscribers of SUBSCRIBERS) {
    const master = await startMasterProcess();
    const agents = startAgents(SIZE, master.url);
    await agents.registered();
    const readers = fork(benchProgram('subscribers-main'), [master.url, String(subscribers), String(EVENTS)]);
    try {
      await once(readers, 'message');
      const cpuBefore = await cpuMsOf(master.pid);
      const started = performance.now();
      agents.sendUpdates(EVENTS);
      await once(readers, 'message');
      const ms = performance.now() - started;
      const cpuMs = (await cpuMsOf(master.pid)) - cpuBefore;
      figures.push({
        what: `events to each of ${subscribers} subscribers, and one that reads nothing`,
        unit: '/s',
        values: [(EVENTS / ms) * 1000],
        ...(subscribers === 100 ? { aim: 'over 10,000/s' } : {}),
      });
      figures.push({
        what: 'processor time of the master for 10,000 of them',
        unit: 'ms',
        values: [(cpuMs / EVENTS) * 10_000],
      });
      figures.push({ what: 'the master then (PSS)', unit: 'MB', values: [await memoryOf(master.pid)] });
    } finally {
      readers.kill('SIGKILL');
      await agents.stop();
      await master.remove();
    }
  }
  return figures;
};
