import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runKills } from '../../durability/kill-runs.ts';
import type { Figure } from '../figures.ts';
import { benchProgram } from './processes.ts';

const RUNS = Number(process.env.PLENUM_BENCH_KILLS ?? 50);
const COUNTED_MS = 5_000;

/** Kills in the middle of writing, and how many flushes acknowledged changes cost. */
export const measureDurableWrites = async (): Promise<Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-bench-durable-'));
  try {
    const flushes = await countFlushes(join(folder, 'counted'));
    const seed = 20_261_125;
    const report = await runKills({
      program: benchProgram('durable-child-main'),
      folder: join(folder, 'killed'),
      runs: RUNS,
      seed,
    });
    for (const text of report.lost) process.stderr.write(`${text}\n`);
    return [
      ...flushes,
      {
        what: `changes acknowledged in ${report.runs} lives, seed ${seed}`,
        unit: '',
        values: [report.acknowledged],
      },
      { what: 'of them lost by `kill -9`', unit: '', values: [report.lost.length], aim: '0' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** Counts by strace, where there is one. */
const countFlushes = async (folder: string): Promise<Figure[]> => {
  const hasStrace = await promisify(execFile)('strace', ['-V']).then(
    () => true,
    () => false,
  );
  if (!hasStrace) {
    process.stderr.write('strace is not installed: flushes are not counted\n');
    return [];
  }
  const trace = `${folder}.trace`;
  // With -I2 it can be told to end: to one that writes to a file signals are nothing.
  const args = ['-I2', '-f', '-qq', '-e', 'trace=fsync,fdatasync,msync', '-o', trace];
  const child = spawn('strace', [...args, process.execPath, benchProgram('durable-child-main'), folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let acknowledged = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (acknowledged === 0) setTimeout(() => child.kill('SIGTERM'), COUNTED_MS);
    acknowledged += text.split('\n').filter((line) => line.startsWith('{"key"')).length;
  });
  await new Promise((resolve) => child.on('close', resolve));
  const flushes = (await readFile(trace, 'utf8'))
    .split('\n')
    .filter((line) => /\b(fsync|fdatasync|msync)\(/.test(line)).length;
  return [
    { what: 'changes acknowledged by a master, Marathon and an agent', unit: '', values: [acknowledged] },
    { what: 'flushes to disk meanwhile', unit: '', values: [flushes], aim: 'one for each batch' },
  ];
};
