import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { runKills } from './kill-runs.ts';

/** A thousand take about ten minutes: `PLENUM_KILLS=1000 PLENUM_KILLS_SEED=7 npx vitest run test/durability`. */
const RUNS = Number(process.env.PLENUM_KILLS ?? 30);
const SEED = Number(process.env.PLENUM_KILLS_SEED ?? 11);
const LONGEST_LIFE_MS = 10_000;

it(
  'knows in every life what it acknowledged in the lives before, whenever it is killed',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plenum-durable-'));
    try {
      const modules = join(process.cwd(), 'node_modules');
      const program = join(folder, 'child.mjs');
      await build({
        entryPoints: [join(import.meta.dirname, 'durable-child-main.ts')],
        outfile: program,
        bundle: true,
        platform: 'node',
        format: 'esm',
        logLevel: 'error',
        // Native modules are found through the absolute path of this project's copy.
        alias: { lmdb: join(modules, 'lmdb/index.js') },
        external: [join(modules, 'lmdb/*')],
        banner: {
          js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
        },
      });
      const report = await runKills({ program, folder: join(folder, 'files'), runs: RUNS, seed: SEED });
      expect(report.lost).toEqual([]);
      expect(report.acknowledged).toBeGreaterThan(RUNS / 2);
      process.stdout.write(`${report.acknowledged} changes acknowledged in ${RUNS} lives, seed ${SEED}\n`);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
  RUNS * LONGEST_LIFE_MS,
);
