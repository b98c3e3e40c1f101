import { isTerminal } from '../../../src/mesos/task-state.ts';
import type { Figure } from '../figures.ts';
import { memoryOf, memoryOfTasksIn } from '../memory.ts';
import { bareStartMs } from './bare-start.ts';
import { type BenchScheduler, startBenchScheduler } from './bench-scheduler.ts';
import {
  type AgentProcess,
  cpuMsOf,
  type MasterProcess,
  startAgentProcess,
  startMasterProcess,
} from './processes.ts';

const STARTS = 40;
/** Until the programs are compiled, on all sides. */
const WARM_UP_SECONDS = 2;
const COUNTED_SECONDS = 5;
const COUNTS = 3;
const UNDER_WAY = 64;
const SLEEPERS = [250, 500, 1_000];
const RESOURCES = ['--resources', 'cpus:100;mem:100000;disk:100000;ports:[31000-32000]'];

const KINDS = [
  { kind: 'plain', options: ['--isolation', 'posix/cpu,posix/mem,filesystem/posix'] },
  // What an agent does by itself: as root, cgroups and namespaces of each task's own.
  { kind: 'isolated', options: [] },
];

/** How fast one agent starts commands, by a scheduler of its own and without Marathon, and what a thousand of them take. */
export const measureCommandTasks = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  const agents: AgentProcess[] = [];
  try {
    for (const { kind, options } of KINDS) {
      const master = await startMasterProcess();
      const agent = await startAgentProcess(master.url, [...RESOURCES, ...options]);
      agents.push(agent);
      try {
        figures.push(...(await measureKind(kind, master, agent)));
      } finally {
        await agent.stop();
        await master.remove();
      }
    }
    return figures;
  } finally {
    // At the end: where ext4 has no journal, every new file is looked for a place past all that were removed in the last minute.
    for (const agent of agents) await agent.remove();
  }
};

const measureKind = async (kind: string, master: MasterProcess, agent: AgentProcess): Promise<Figure[]> => {
  const scheduler = startBenchScheduler(master.url);
  await timeStarts(scheduler, 'first', 5);
  const figures: Figure[] = [
    {
      what: `acceptance of one command until TASK_RUNNING is known, ${kind}`,
      unit: 'ms',
      values: await timeStarts(scheduler, 'one', STARTS),
      aim: 'under 15 ms',
    },
  ];
  figures.push(...(await measureRate(scheduler, kind, agent.pid, master.pid)));
  const idle = await memoryOf(agent.pid);
  let running = 0;
  for (const sleepers of SLEEPERS) {
    await startSleepers(scheduler, { from: running, to: sleepers });
    running = sleepers;
    figures.push(
      {
        what: `memory of each of ${sleepers.toLocaleString('en')} \`sleep\` tasks, ${kind}, the agent's growth included (PSS)`,
        unit: 'MB',
        values: [((await memoryOfTasksIn(agent.folder)) + (await memoryOf(agent.pid)) - idle) / sleepers],
        aim: 'under 4 MB',
      },
      {
        what: 'acceptance of another one until TASK_RUNNING is known',
        unit: 'ms',
        values: await timeStarts(scheduler, `beside-${sleepers}`, STARTS / 2),
      },
    );
  }
  await scheduler.close();
  return figures;
};

const measureRate = async (
  scheduler: BenchScheduler,
  kind: string,
  agentPid: number,
  masterPid: number,
): Promise<Figure[]> => {
  await countFinished(scheduler, { prefix: 'warm', seconds: WARM_UP_SECONDS });
  const rates: number[] = [];
  const agentCpu: number[] = [];
  const masterCpu: number[] = [];
  for (let round = 0; round < COUNTS; round++) {
    const before = [await cpuMsOf(agentPid), await cpuMsOf(masterPid)] as const;
    const startedMs = performance.now();
    const finished = await countFinished(scheduler, { prefix: `no-op-${round}`, seconds: COUNTED_SECONDS });
    rates.push((finished / (performance.now() - startedMs)) * 1000);
    agentCpu.push(((await cpuMsOf(agentPid)) - before[0]) / finished);
    masterCpu.push(((await cpuMsOf(masterPid)) - before[1]) / finished);
  }
  return [
    {
      what: `no-op tasks launched and finished, one agent, ${UNDER_WAY} under way, ${kind}`,
      unit: '/s',
      values: rates,
      aim: 'over 300/s',
    },
    { what: 'processor time of the agent for each', unit: 'ms', values: agentCpu },
    { what: 'processor time of the master for each', unit: 'ms', values: masterCpu },
    {
      what: 'processor time of a bare `/bin/sh -c :`, of which each has three (plain) or four',
      unit: 'ms',
      values: rates.map(bareStartMs),
    },
  ];
};

/** Milliseconds from the acceptance of a task until it is known to run, of one after the other; each is ended then. */
const timeStarts = async (scheduler: BenchScheduler, prefix: string, count: number): Promise<number[]> => {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const id = `${prefix}-${index}`;
    let acceptedMs = 0;
    await new Promise<void>((resolve, reject) => {
      scheduler.onStatus = ({ task_id, state, message }) => {
        if (task_id.value !== id) return;
        if (state === 'TASK_RUNNING') {
          times.push(performance.now() - acceptedMs);
          scheduler.kill(id);
        } else if (state === 'TASK_KILLED') resolve();
        else if (isTerminal(state)) reject(new Error(`${id} is ${state}: ${message}`));
      };
      void scheduler
        .launch(() => [id], 'exec sleep 1000')
        .then((ms) => {
          acceptedMs = ms;
        });
    });
  }
  return times;
};

/** How many tasks that do nothing were launched and have finished, with as many under way all the time. */
const countFinished = (
  scheduler: BenchScheduler,
  { prefix, seconds }: { prefix: string; seconds: number },
): Promise<number> =>
  new Promise((resolve, reject) => {
    let launched = 0;
    let finished = 0;
    let isOver = false;
    let isLaunching = false;
    const fill = async (): Promise<void> => {
      if (isLaunching || isOver || launched - finished >= UNDER_WAY) return;
      isLaunching = true;
      await scheduler.launch(
        // As many as are missing when the offer comes.
        (room) => {
          const length = Math.min(room, UNDER_WAY - (launched - finished));
          return Array.from({ length }, () => `${prefix}-${launched++}`);
        },
        'true',
      );
      isLaunching = false;
      void fill();
    };
    scheduler.onStatus = ({ task_id, state, message }) => {
      if (!task_id.value.startsWith(`${prefix}-`) || !isTerminal(state)) return;
      if (state !== 'TASK_FINISHED') reject(new Error(`${task_id.value} is ${state}: ${message}`));
      finished++;
      if (isOver && finished === launched) resolve(finished);
      else void fill();
    };
    setTimeout(() => {
      isOver = true;
    }, seconds * 1000);
    void fill();
  });

const startSleepers = (
  scheduler: BenchScheduler,
  { from, to }: { from: number; to: number },
): Promise<void> =>
  new Promise((resolve, reject) => {
    let running = from;
    scheduler.onStatus = ({ task_id, state, message }) => {
      if (isTerminal(state)) reject(new Error(`${task_id.value} is ${state}: ${message}`));
      if (state === 'TASK_RUNNING' && ++running === to) resolve();
    };
    let launched = from;
    const launch = async (): Promise<void> => {
      while (launched < to) {
        await scheduler.launch((room) => {
          const length = Math.min(room, to - launched);
          return Array.from({ length }, () => `sleeper-${launched++}`);
        }, 'exec sleep 100000');
      }
    };
    void launch();
  });
