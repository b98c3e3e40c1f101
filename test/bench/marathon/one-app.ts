import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Figure } from '../figures.ts';
import { benchProgram } from '../scale/processes.ts';

const SMALL = 2_000;
const LARGEST = 100_000;
const SIZES = [LARGEST / 4, LARGEST / 2, LARGEST];
/** Left alone, Node.js lets garbage lie for longer than memory is short of: this is what 100,000 instances get by with. */
const SMALL_HEAP = '--max-old-space-size=800';

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
    figures.push({ what: what(size), unit: 'ms', values: [outcome.ms] });
    if (former) {
      const values = [outcome.ms / former.ms];
      figures.push({ what: 'time for twice the instances', unit: 'x', values, aim: 'at most 2.2x' });
    }
    former = outcome;
  }
  const { mb } = await run(LARGEST, SMALL_HEAP);
  figures.push({
    what: `the whole simulation with ${LARGEST.toLocaleString('en')} instances, agents and master included, in a small heap`,
    unit: 'MB',
    values: [mb],
    aim: 'under 1,000 MB',
  });
  return figures;
};

const what = (instances: number): string =>
  `one app scaled from 0 to ${instances.toLocaleString('en')} on simulated agents`;

const run = async (instances: number, ...nodeOptions: readonly string[]): Promise<Outcome> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...nodeOptions,
    benchProgram('one-app-main'),
    String(instances),
  ]);
  return JSON.parse(stdout) as Outcome;
};
