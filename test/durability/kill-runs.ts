import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { seededRandom } from '../../src/runtime/random.ts';

/** A process is killed at most this long after it began to acknowledge. */
const LONGEST_LIFE_MS = 150;
/** The part of the lives that may end before they have acknowledged anything. */
const EARLY_DEATHS = 0.25;

export interface KillReport {
  readonly runs: number;
  /** Changes that were acknowledged in all lives together. */
  readonly acknowledged: number;
  /** What a life had acknowledged and the next one did not know. */
  readonly lost: readonly string[];
}

type Line = { recovered: Record<string, number> } | { key: string; n: number };

/**
 * Kills durable-child-main so many times at moments that the seed says, always over the same files, and looks whether every
 * life knows what the ones before acknowledged.
 */
export const runKills = async ({
  program,
  folder,
  runs,
  seed,
}: {
  /** durable-child-main, bundled. */
  program: string;
  folder: string;
  runs: number;
  seed: number;
}): Promise<KillReport> => {
  const random = seededRandom(seed);
  const known = new Map<string, number>();
  const lost: string[] = [];
  let acknowledged = 0;
  // One life more, to look at what the last one left.
  for (let run = 0; run <= runs; run++) {
    const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    let hasRecovered = false;
    // A busy machine says little in so short a life: most are counted from the first thing that is acknowledged.
    const diesEarly = random.next() < EARLY_DEATHS;
    const dieLater = onlyOnce(() => setTimeout(() => child.kill('SIGKILL'), random.next() * LONGEST_LIFE_MS));
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as Line;
      if ('key' in line) {
        acknowledged++;
        known.set(line.key, line.n);
        dieLater();
        continue;
      }
      hasRecovered = true;
      for (const [key, n] of known) {
        const found = line.recovered[key] ?? 0;
        if (found < n) lost.push(`${key}: ${n} was acknowledged and ${found} is there in life ${run}`);
        known.set(key, Math.max(found, n));
      }
      if (diesEarly) dieLater();
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    if (!hasRecovered) throw new Error(`Life ${run} ended with ${child.exitCode} before it knew anything`);
  }
  return { runs, acknowledged, lost };
};

const onlyOnce = (action: () => void): (() => void) => {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
};
