import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from '../figures.ts';
import { benchProgram } from '../scale/processes.ts';

const RUNS = 5;

interface Loads {
  firstMs: number;
  againMs: number;
}

/** Each in a process of its own: without anything kept, with what the one before has kept, and looked at again. */
export const measureLoads = async (folder: string, universe: string): Promise<Figure[]> => {
  const cacheDir = join(folder, 'cache');
  const cold: Loads[] = [];
  const warm: Loads[] = [];
  for (let run = 0; run < RUNS; run++) {
    await rm(cacheDir, { recursive: true, force: true });
    cold.push(await load(cacheDir, universe));
    warm.push(await load(cacheDir, universe));
  }
  const firstMs = ({ firstMs }: Loads): number => firstMs;
  return [
    {
      what: 'a folder universe of 1,235 versions, read for the first time',
      unit: 'ms',
      values: cold.map(firstMs),
      aim: 'under 2,000 ms',
    },
    { what: 'the same after a restart', unit: 'ms', values: warm.map(firstMs), aim: 'under 200 ms' },
    {
      what: 'the same, looked at again for changes',
      unit: 'ms',
      values: [...cold, ...warm].map(({ againMs }) => againMs),
      aim: 'under 200 ms',
    },
  ];
};

const load = async (cacheDir: string, universe: string): Promise<Loads> => {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: '' };
  const program = benchProgram('universe-load-main');
  const { stdout } = await promisify(execFile)(process.execPath, [program, cacheDir, universe], { env });
  return JSON.parse(stdout) as Loads;
};
