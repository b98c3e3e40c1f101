import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Figure } from './figures.ts';

const executable = join(process.cwd(), 'bin', 'plenum');

const timeProcess = async (args: string[], env: NodeJS.ProcessEnv): Promise<number> => {
  const started = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return performance.now() - started;
};

/** Start-up of the CLI beside `node -e 0`, the floor of every Node program; interleaved, so that a busy moment hits all. */
export const measureStartUp = async (plenumHome: string, rounds: number): Promise<Figure[]> => {
  const env: NodeJS.ProcessEnv = { ...process.env, PLENUM_HOME: plenumHome };
  delete env.NODE_EXTRA_CA_CERTS;
  const candidates = [
    { what: '`node -e 0`', args: ['-e', '0'] },
    { what: '`plenum --version`', args: [executable, '--version'], aim: 'under 1.5x' },
    {
      what: '`plenum task list` (1 agent, 10 tasks)',
      args: [executable, 'task', 'list'],
      aim: 'under 2.5x',
    },
    {
      what: '`plenum __complete task log` (completing a name)',
      args: [executable, '__complete', 'task', 'log', ''],
      aim: 'under 2x',
    },
  ].map((candidate) => ({ ...candidate, values: [] as number[] }));
  for (const { args } of candidates) await timeProcess(args, env);
  for (let round = 0; round < rounds; round++) {
    for (const { args, values } of candidates) values.push(await timeProcess(args, env));
  }
  return candidates.map(({ what, values, aim }) => ({
    what,
    values,
    unit: 'ms' as const,
    ...(aim ? { aim } : {}),
  }));
};
