import { performance } from 'node:perf_hooks';
import { request } from '../../../src/http/client.ts';
import type { Figure } from '../figures.ts';
import { memoryOf } from '../memory.ts';
import { timeRead } from './big-reads.ts';
import { cpuMsOf, startAgents, startMasterProcess } from './processes.ts';
import { agentIdOf, type ClusterSize, frameworkIdOf, taskIdOf } from './virtual-cluster.ts';

const ROUNDS = 3;

/** From the death of a master until the next one knows all agents and tasks again, and what that takes. */
export const measureReRegistration = async (sizes: readonly ClusterSize[]): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const size of sizes) {
    const isAimed = size.agents === 10_000;
    const master = await startMasterProcess();
    const agents = startAgents(size, master.url);
    const times: number[] = [];
    const cpus: number[] = [];
    const memories: number[] = [];
    const firstReads: { ms: number; longestWaitMs: number }[] = [];
    try {
      await agents.registered();
      for (let round = 0; round < ROUNDS; round++) {
        const back = agents.registered();
        const died = await master.restart();
        await back;
        times.push(performance.now() - died);
        cpus.push(await cpuMsOf(master.pid));
        firstReads.push(await timeRead(master.url, { what: 'the first `/state`', path: '/state' }));
        await checkTasks(master.url, size);
        memories.push(await memoryOf(master.pid));
      }
    } finally {
      await agents.stop();
      await master.remove();
    }
    const ofSize = `${size.agents.toLocaleString('en')} agents with ${(size.agents * size.tasksPerAgent).toLocaleString('en')} tasks`;
    figures.push(
      {
        what: `${ofSize} are back after the death of their master`,
        unit: 'ms',
        values: times,
        ...(isAimed ? { aim: 'under 10,000 ms' } : {}),
      },
      { what: 'processor time of the new master until then', unit: 'ms', values: cpus },
      {
        what: 'its first `/state`, asked for at once, when nothing is prepared',
        unit: 'ms',
        values: firstReads.map(({ ms }) => ms),
      },
      {
        what: 'the longest wait of `/health` meanwhile',
        unit: 'ms',
        values: firstReads.map(({ longestWaitMs }) => longestWaitMs),
        ...(isAimed ? { aim: 'under 20 ms' } : {}),
      },
      {
        what: 'the new master, its state read and all its tasks listed once (PSS)',
        unit: 'MB',
        values: memories,
        ...(isAimed ? { aim: 'under 1,500 MB' } : {}),
      },
    );
  }
  return figures;
};

/** Every task is there, once, where it belongs, and running. */
const checkTasks = async (url: string, size: ClusterSize): Promise<void> => {
  const answer = await request({ url: `${url}/tasks?limit=-1`, timeoutMs: 120_000 });
  const { tasks } = JSON.parse(answer.body.toString()) as {
    tasks: { id: string; slave_id: string; framework_id: string; state: string }[];
  };
  const found = new Map(tasks.map((task) => [task.id, task]));
  if (tasks.length !== size.agents * size.tasksPerAgent) throw new Error(`There are ${tasks.length} tasks`);
  for (let agent = 0; agent < size.agents; agent++) {
    for (let number = 0; number < size.tasksPerAgent; number++) {
      const task = found.get(taskIdOf(agent, number));
      const isRight =
        task?.slave_id === agentIdOf(agent) &&
        task.framework_id === frameworkIdOf((agent + number) % size.frameworks) &&
        task.state === 'TASK_RUNNING';
      if (!isRight) throw new Error(`${taskIdOf(agent, number)} is ${JSON.stringify(task)}`);
    }
  }
};
