import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Figure } from '../figures.ts';
import { benchProgram } from '../scale/processes.ts';

const SMALL = 2_000;
const SIZES = [25_000, 50_000, 100_000];
/** With it a heap that could grow further is cleaned instead. */
const HEAP = '--max-old-space-size=900';

interface Outcome {
  readonly ms: number;
  readonly mb: number;
}

/** One app on 1,000 simulated agents, and how the cost grows with its instances. */
export const measureOneApp = async (): Promise<Figure[]> => {
  const small = await run(SMALL);
  const figures: Figure[] = [{ what: what(SMALL), unit: 'ms', values: [small.ms], aim: 'under 20,000 ms' }];
  let former: Outcome | undefined;
  for (const size of SIZES) {
    const outcome = await run(size);
    const isLargest = size === SIZES.at(-1);
    figures.push({ what: what(size), unit: 'ms', values: [outcome.ms] });
    figures.push({
      what: `the whole simulation then, agents and master included, with ${size.toLocaleString('en')} instances`,
      unit: 'MB',
      values: [outcome.mb],
      ...(isLargest ? { aim: 'under 1,000 MB' } : {}),
    });
    if (former) {
      const values = [outcome.ms / former.ms];
      figures.push({ what: 'time for twice the instances', unit: 'x', values, aim: 'at most 2.2x' });
    }
    former = outcome;
  }
  return figures;
};

const what = (instances: number): string =>
  `one app scaled from 0 to ${instances.toLocaleString('en')} on simulated agents`;

const run = async (instances: number): Promise<Outcome> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    HEAP,
    benchProgram('one-app-main'),
    String(instances),
  ]);
  return JSON.parse(stdout) as Outcome;
};
