import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Report } from '../../../src/simulation/report/report.ts';
import type { Figure } from '../figures.ts';
import type { ClusterSize } from './virtual-cluster.ts';

const MINUTES = 10;
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * `plenum simulate` with Node's own heap: the tasks are launched, a quarter of the agents dies and comes back, and the master
 * fails over.
 */
export const measureSimulations = async (sizes: readonly ClusterSize[]): Promise<Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-bench-simulation-'));
  try {
    const figures: Figure[] = [];
    for (const size of sizes) figures.push(...(await measure(folder, size)));
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const measure = async (folder: string, size: ClusterSize): Promise<Figure[]> => {
  const file = join(folder, `${size.agents}.json`);
  await writeFile(file, JSON.stringify(scenarioOf(size)));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(process.cwd(), 'bin', 'plenum'), 'simulate', file, '--json'],
    { env: { ...process.env, PLENUM_HOME: folder, NODE_EXTRA_CA_CERTS: '' }, maxBuffer: MOST_OUTPUT_BYTES },
  );
  const { real } = JSON.parse(stdout) as Report;
  const tasks = (size.agents * size.tasksPerAgent).toLocaleString('en');
  return [
    {
      what: `simulation of ${MINUTES} minutes of ${size.agents.toLocaleString('en')} agents and ${tasks} tasks`,
      unit: 'ms',
      values: [real.seconds * 1000],
    },
    {
      what: 'its heap at the most',
      unit: 'MB',
      values: [real.peakHeapMiB],
      ...(size.agents === 10_000 ? { aim: "Node's default" } : {}),
    },
    {
      what: 'a decision of its allocator: half of all are shorter',
      unit: 'ms',
      values: [real.allocationMs.p50],
    },
    { what: 'the longest one', unit: 'ms', values: [real.allocationMs.max] },
  ];
};

const scenarioOf = ({ agents, tasksPerAgent, frameworks }: ClusterSize): object => ({
  seed: 1,
  until: `${MINUTES}m`,
  agents: [
    {
      name: 'node',
      count: agents,
      resources: { cpus: 24, mem: 65_536, disk: 400_000 },
      attributes: { rack: ['a', 'b', 'c', 'd'] },
    },
  ],
  frameworks: [
    {
      name: 'services',
      count: frameworks,
      role: 'team-{n}',
      tasks: [{ resources: { cpus: 1, mem: 2048 }, count: (agents * tasksPerAgent) / frameworks }],
    },
  ],
  timeline: [
    { at: '3m', kill: 'rack=a', for: '2m' },
    { at: '7m', failover: '10s' },
  ],
});
