import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Clock, pause } from '../runtime/clock.ts';
import { errorCode } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import { askSocket } from './ask-socket.ts';
import { STATISTICS_SOCKET } from './haproxy-config.ts';

/** HAProxy as a process of ours: a master, which stays, and a worker that is replaced with each configuration. */
export interface Haproxy {
  /** What is wrong with a configuration, in HAProxy's words; undefined when it can be used. */
  judge(config: string): Promise<string | undefined>;
  /** Has HAProxy run by a configuration; resolves when a new worker serves. Connections of the old one go on. */
  apply(config: string): Promise<void>;
  /** Has the next HAProxy, should this one be replaced, run by a configuration that this one was brought to already. */
  keep(config: string): Promise<void>;
  /** Asks the worker's statistics socket, such as `show stat`. */
  ask(command: string): Promise<string>;
  /** The master's and all workers'. */
  processIds(): Promise<number[]>;
  close(): Promise<void>;
}

export interface HaproxyOptions {
  /** Name or path of the program. */
  readonly executable: string;
  /** Where configuration and sockets lie: a short path (a socket's takes 107 bytes), for its owner alone. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with the reason when HAProxy ends by itself. */
  readonly onEnded: (reason: string) => void;
}

const CONFIG = 'haproxy.cfg';
const CANDIDATE = 'next.cfg';
const MASTER_SOCKET = 'master.sock';
const LONGEST_RELOAD_MS = 15_000;
const RELOAD_LOOK_MS = 20;
const LONGEST_END_MS = 5_000;

/** Throws, with the way out, when the program cannot be run at all. */
export const openHaproxy = async (options: HaproxyOptions): Promise<Haproxy> => {
  const { executable, folder, clock, log, onEnded } = options;
  await checkExecutable(executable);
  let master: ChildProcess | undefined;
  let isClosing = false;

  const write = (config: string): void => {
    writeFileSync(join(folder, CANDIDATE), config, { mode: 0o600 });
    renameSync(join(folder, CANDIDATE), join(folder, CONFIG));
  };

  const start = (): ChildProcess => {
    const child = spawn(executable, ['-W', '-S', `unix@${MASTER_SOCKET}`, '-f', CONFIG], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => log.info({ line }, 'haproxy says'));
    }
    child.on('error', (error) => onEnded(error.message));
    child.on('exit', (code, signal) => {
      if (!isClosing) onEnded(`haproxy ended with ${signal ?? `code ${code}`}`);
    });
    return child;
  };

  /** Workers by their process ids, those that serve and those that finish what they have. */
  const workers = async (): Promise<{ current: number[]; old: number[] }> =>
    readWorkers(await askSocket(join(folder, MASTER_SOCKET), 'show proc'));

  const currentWorkers = async (): Promise<number[]> => {
    try {
      return (await workers()).current;
    } catch (error) {
      // While it starts, and for a moment of each reload, nobody listens there.
      if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(errorCode(error) ?? '')) return [];
      throw error;
    }
  };

  const untilReplaced = async (before: readonly number[]): Promise<void> => {
    const lastLook = clock.now() + LONGEST_RELOAD_MS;
    while (clock.now() < lastLook && master?.exitCode === null) {
      const now = await currentWorkers();
      if (now.some((pid) => !before.includes(pid))) return;
      await pause(clock, RELOAD_LOOK_MS);
    }
    throw new Error('haproxy has not taken the configuration: its own words are in this log');
  };

  return {
    judge: async (config) => {
      writeFileSync(join(folder, CANDIDATE), config, { mode: 0o600 });
      return complaintOf(executable, folder);
    },
    keep: async (config) => write(config),
    apply: async (config) => {
      write(config);
      const before = master === undefined ? [] : await currentWorkers();
      if (master === undefined) master = start();
      else master.kill('SIGUSR2');
      await untilReplaced(before);
    },
    ask: (command) => askSocket(join(folder, STATISTICS_SOCKET), command),
    processIds: async () => {
      if (master?.pid === undefined) return [];
      const { current, old } = await workers();
      return [master.pid, ...current, ...old];
    },
    close: async () => {
      isClosing = true;
      if (master !== undefined) await end(master, clock);
    },
  };
};

const checkExecutable = (executable: string): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(executable, ['-v'], { timeout: LONGEST_RELOAD_MS }, (error) => {
      if (error === null) return resolve();
      reject(
        new Error(
          `${executable} cannot be run: ${error.message.trim()}. Install HAProxy 2.6 or newer, or name it by --haproxy`,
        ),
      );
    });
  });

/** HAProxy writes a line for each fault, and several of its own about them. */
const complaintOf = (executable: string, folder: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const options = { cwd: folder, timeout: LONGEST_RELOAD_MS };
    execFile(executable, ['-c', '-f', CANDIDATE], options, (error, stdout, stderr) => {
      if (error === null) return resolve(undefined);
      const alerts = `${stdout}${stderr}`.split('\n').filter((line) => /\[(NOTICE|ALERT)\]/.test(line));
      const parsing = alerts
        .filter((line) => /parsing \[/.test(line))
        .map((line) => line.replace(/^.*?parsing /, ''));
      resolve(parsing[0] ?? alerts[0] ?? error.message);
    });
  });

/** Lines of `show proc`: pid, type and more, under headings for what serves and what is old. */
const readWorkers = (text: string): { current: number[]; old: number[] } => {
  const current: number[] = [];
  const old: number[] = [];
  let list = current;
  for (const line of text.split('\n')) {
    if (/^# old workers/.test(line)) list = old;
    const pid = /^(\d+)\s+worker\b/.exec(line)?.[1];
    if (pid !== undefined) list.push(Number(pid));
  }
  return { current, old };
};

const end = (child: ChildProcess, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const timer = clock.setTimer(LONGEST_END_MS, () => child.kill('SIGKILL'));
    child.once('exit', () => {
      timer.cancel();
      resolve();
    });
    child.kill('SIGTERM');
  });
