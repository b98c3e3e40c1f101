import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { AgentOptions } from '../../src/agent/agent-options.ts';
import { onTestEnd, RESOURCES } from './test-agent.ts';

export interface AgentProcess {
  readonly pid: number;
  readonly url: string;
  /** kill -9; resolves when it is dead. */
  kill(): Promise<void>;
}

export interface AgentOrder {
  master: string;
  workDir: string;
  /** Further options of the agent. */
  more?: Partial<AgentOptions>;
  /** A file with what the agent shall take for the number of the machine's start; only root can have it so. */
  bootIdFile?: string;
}

export interface AgentProgram {
  start(options: AgentOrder): Promise<AgentProcess>;
  /** Starts it without waiting for anything; what it says on standard error can be read. */
  spawn(options: AgentOrder): ChildProcess;
  remove(): Promise<void>;
}

/** A command line that keeps its process: in mounts of its own another file lies over the kernel's. */
const underBootId = (bootIdFile: string, words: readonly string[]): string[] => {
  const script = 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"';
  return ['unshare', '--mount', 'sh', '-c', script, bootIdFile, ...words];
};

/** Bundles the agent into one file that plain Node.js runs. */
export const buildAgentProgram = async (): Promise<AgentProgram> => {
  // Beside the dependencies, so that the native one is found.
  const file = join(process.cwd(), 'node_modules', '.cache', `agent-${randomUUID()}.cjs`);
  await build({
    entryPoints: [join(process.cwd(), 'test/agent/agent-program.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['lmdb'],
    logLevel: 'error',
  });
  const { NODE_EXTRA_CA_CERTS: _slow, ...env } = process.env;
  const program: AgentProgram = {
    spawn: ({ master, workDir, more = {}, bootIdFile }) => {
      const words = [process.execPath, file, master, workDir, RESOURCES, JSON.stringify(more)];
      const [name = '', ...args] = bootIdFile === undefined ? words : underBootId(bootIdFile, words);
      return spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    },
    start: async (options) => {
      const child = program.spawn(options);
      child.stderr?.pipe(process.stderr);
      const exited = once(child, 'exit');
      onTestEnd(async () => {
        child.kill('SIGKILL');
        await exited;
      });
      const said = child.stdout && once(child.stdout, 'data');
      const first = await Promise.race([said, exited.then(() => undefined)]);
      if (!first) throw new Error('The agent ended before it had registered');
      return {
        pid: child.pid ?? 0,
        url: `http://127.0.0.1:${String(first[0]).trim()}`,
        kill: async () => {
          child.kill('SIGKILL');
          await exited;
        },
      };
    },
    remove: () => rm(file, { force: true }),
  };
  return program;
};
