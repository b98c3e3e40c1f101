import { performance } from 'node:perf_hooks';
import { createPlenumHome } from '../support/plenum.ts';
import { type Figure, medianOf } from './figures.ts';
import { timeAppUntilRunning, timeRemovalOfApp } from './launch.ts';
import { memoryOf, memoryOfTasksIn } from './memory.ts';
import { measureStartUp } from './start-up.ts';

const START_UP_ROUNDS = 30;
const UP_ROUNDS = 5;
const LAUNCH_ROUNDS = 10;
const MANY_ROUNDS = 3;
const MANY_INSTANCES = 500;

/** Start-up of commands, against that of Node.js. */
export const measureCommands = async (): Promise<Figure[]> => {
  const home = await createPlenumHome();
  try {
    const cluster = await home.up('--agents', '1');
    await timeAppUntilRunning(cluster, 'ten', 10);
    const commands = await measureStartUp(home.folder, START_UP_ROUNDS);
    return [...commands, ...ratiosOf(commands)];
  } finally {
    await home.remove();
  }
};

const ratiosOf = ([floor, ...others]: readonly Figure[]): Figure[] =>
  others.map(({ what, values, aim }) => ({
    what: `${what} against \`node -e 0\``,
    unit: 'x',
    values: values.map((value) => value / (floor ? medianOf(floor) : Number.NaN)),
    ...(aim ? { aim } : {}),
  }));

/** `plenum up` until everything serves. */
export const measureUp = async (agents: number): Promise<Figure> => {
  const values: number[] = [];
  for (let round = 0; round < UP_ROUNDS; round++) {
    const home = await createPlenumHome();
    try {
      const started = performance.now();
      await home.up('--agents', String(agents));
      values.push(performance.now() - started);
    } finally {
      await home.remove();
    }
  }
  return { what: `\`plenum up --agents ${agents}\` until ready`, unit: 'ms', values, aim: 'under 1,000 ms' };
};

/** Apps from their POST until they run and end, and what they cost in memory. */
export const measureTasks = async (): Promise<Figure[]> => {
  const home = await createPlenumHome();
  try {
    const cluster = await home.up('--agents', '3');
    const agentPids = cluster.agents.map(({ pid }) => pid);
    const idle = {
      control: await memoryOf(cluster.pid),
      agents: await Promise.all(agentPids.map(memoryOf)),
    };
    const single: number[] = [];
    for (let round = 0; round < LAUNCH_ROUNDS; round++) {
      single.push(await timeAppUntilRunning(cluster, `single-${round}`, 1));
      await timeRemovalOfApp(cluster, `single-${round}`, 1);
    }
    const many: number[] = [];
    const manyGone: number[] = [];
    const perTask: number[] = [];
    const busy = { control: [] as number[], agents: [] as number[] };
    for (let round = 0; round < MANY_ROUNDS; round++) {
      many.push(await timeAppUntilRunning(cluster, `many-${round}`, MANY_INSTANCES));
      busy.control.push(await memoryOf(cluster.pid));
      const agentsMemory = await Promise.all(agentPids.map(memoryOf));
      busy.agents.push(...agentsMemory);
      const growth = sum(agentsMemory) - sum(idle.agents) + (await memoryOfTasksIn(home.folder));
      perTask.push(growth / MANY_INSTANCES);
      manyGone.push(await timeRemovalOfApp(cluster, `many-${round}`, MANY_INSTANCES));
    }
    return [
      {
        what: 'the first `app add` after `up`, until its task runs',
        unit: 'ms',
        values: single.slice(0, 1),
        aim: 'under 300 ms',
      },
      {
        what: 'a later `app add` until its task runs',
        unit: 'ms',
        values: single.slice(1),
        aim: 'under 300 ms',
      },
      { what: `${MANY_INSTANCES} instances until all run`, unit: 'ms', values: many, aim: 'under 5,000 ms' },
      { what: `stop of ${MANY_INSTANCES} instances until none runs`, unit: 'ms', values: manyGone },
      { what: 'control plane, idle (PSS)', unit: 'MB', values: [idle.control], aim: 'under 110 MB' },
      { what: 'an agent, idle (PSS)', unit: 'MB', values: idle.agents, aim: 'under 60 MB' },
      { what: `control plane with ${MANY_INSTANCES} tasks (PSS)`, unit: 'MB', values: busy.control },
      { what: `an agent with a third of ${MANY_INSTANCES} tasks (PSS)`, unit: 'MB', values: busy.agents },
      {
        what: 'a further task, its share of the agent included (PSS)',
        unit: 'MB',
        values: perTask,
        aim: 'under 4 MB',
      },
    ];
  } finally {
    await home.remove();
  }
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
