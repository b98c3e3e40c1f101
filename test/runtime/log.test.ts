import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** A program of its own: a log is what a process says on its standard output. */
const PROGRAM = `
import { createLog, processLogging } from './src/runtime/log.ts';
const log = createLog('part');
const child = log.child({ server: 'one' });
for (const threshold of ['info', 'debug', 'off', 'error']) {
  processLogging.threshold = threshold;
  for (const level of ['debug', 'info', 'warn', 'error']) child[level]({ threshold }, level);
}
`;

it('writes what is of the threshold or above, which may be changed while logs are used', async () => {
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    write: false,
  });
  const run = spawn(process.execPath, ['-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  run.stdin.end(outputFiles[0]?.text);
  const lines = (await text(run.stdout)).trim().split('\n');
  const said = lines.map((line) => JSON.parse(line) as Record<string, string>);
  expect(said.map(({ threshold, msg }) => `${threshold} ${msg}`)).toEqual([
    'info info',
    'info warn',
    'info error',
    'debug debug',
    'debug info',
    'debug warn',
    'debug error',
    'error error',
  ]);
  expect(said[0]).toMatchObject({ part: 'part', server: 'one', time: expect.stringMatching(/Z$/) });
});
