import { performance } from 'node:perf_hooks';
import { createPlenumHome } from '../../support/plenum.ts';
import type { Figure } from '../figures.ts';
import { startAgents, startMasterProcess } from './processes.ts';

const ROUNDS = 5;
const TASKS_PER_AGENT = 10;
const TASKS = [10_000, 20_000, 40_000];

/** `plenum task list` in a cluster with many tasks, from its start to its end. */
export const measureTaskListing = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const tasks of TASKS) figures.push(await measure(tasks));
  return figures;
};

const measure = async (tasks: number): Promise<Figure> => {
  const master = await startMasterProcess();
  const size = { agents: tasks / TASKS_PER_AGENT, tasksPerAgent: TASKS_PER_AGENT, frameworks: 100 };
  const agents = startAgents(size, master.url);
  const home = await createPlenumHome();
  try {
    await agents.registered();
    await home.must('cluster', 'setup', master.url, '--mesos-url', master.url);
    const values: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      const listed = (await home.must('task', 'list')).split('\n').length - 2;
      values.push(performance.now() - started);
      if (listed !== tasks) throw new Error(`${listed} of ${tasks} tasks are listed`);
    }
    return {
      what: `\`plenum task list\` of ${tasks.toLocaleString('en')} tasks`,
      unit: 'ms',
      values,
      ...(tasks === 10_000 ? { aim: 'under 1,000 ms' } : {}),
    };
  } finally {
    await home.remove();
    await agents.stop();
    await master.remove();
  }
};
