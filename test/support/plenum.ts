import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the built executable answered. */
export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** What `plenum up --json` prints. */
export interface ClusterAddresses {
  name: string;
  gateway: string;
  master: string;
  marathon: string;
  dashboard: string;
  agents: { id: string; url: string; pid: number }[];
  pid: number;
}

export interface PlenumHome {
  folder: string;
  /** Runs the built executable without a TTY and resolves with whatever it did. */
  run: (args: string[], options?: { input?: string; env?: Record<string, string> }) => Promise<CommandResult>;
  /** Runs a command that must succeed, and gives its standard output. */
  must: (...args: string[]) => Promise<string>;
  /** Runs a command that must succeed with --json, and gives what it printed. */
  json: <T>(...args: string[]) => Promise<T>;
  /** Writes a file into the folder, as JSON unless it is a text, and gives its path. */
  write: (name: string, content: object | string) => Promise<string>;
  /** Starts a cluster on free ports. */
  up: (...args: string[]) => Promise<ClusterAddresses>;
  /** Stops every cluster of this home and removes the folder. */
  remove: () => Promise<void>;
}

const executable = join(process.cwd(), 'bin', 'plenum');

/**
 * A PLENUM_HOME of its own: clusters of one test never meet those of another, nor the user's.
 * `node` runs the executable: the Node of the tests, unless told.
 */
export const createPlenumHome = async (node: string = process.execPath): Promise<PlenumHome> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-home-'));
  const names = new Set<string>();

  const run: PlenumHome['run'] = (args, { input = '', env = {} } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(node, [executable, ...args], {
        env: { ...withoutForeignSettings(process.env), PLENUM_HOME: folder, ...env },
        stdio: 'pipe',
      });
      const output = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (text) => {
        output.stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text) => {
        output.stderr += text;
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code: code ?? -1, ...output }));
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    });

  const must: PlenumHome['must'] = async (...args) => {
    const result = await run(args);
    if (result.code !== 0) {
      throw new Error(`plenum ${args.join(' ')} ended with ${result.code}: ${result.stderr}${result.stdout}`);
    }
    return result.stdout;
  };

  const json: PlenumHome['json'] = async (...args) => JSON.parse(await must(...args, '--json'));

  const write: PlenumHome['write'] = async (name, content) => {
    const path = join(folder, name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };

  const up: PlenumHome['up'] = async (...args) => {
    const addresses = await json<ClusterAddresses>('up', '--port', '0', '--marathon-port', '0', ...args);
    names.add(addresses.name);
    return addresses;
  };

  const remove: PlenumHome['remove'] = async () => {
    for (const name of names) await run(['down', '--name', name, '--purge']);
    await rm(folder, { recursive: true, force: true });
  };

  return { folder, run, must, json, write, up, remove };
};

/** A developer's own PLENUM_… and DCOS_… settings must not steer a test; NODE_EXTRA_CA_CERTS slows every start. */
const withoutForeignSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(PLENUM_|DCOS_|NODE_EXTRA_CA_CERTS$|FORCE_COLOR$)/.test(name)),
  );
