import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { installationFolder } from '../runtime/installation.ts';
import { READINESS_DESCRIPTOR, type Readiness } from '../runtime/readiness.ts';
import { ClusterError } from './cluster-error.ts';
import type { ClusterFolder } from './cluster-folder.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { noteRunning } from './running-part.ts';

const START_TIMEOUT_MS = 60_000;
/** A log that is longer than this at the start is put aside; the daemons bound it while they run. */
const LONGEST_LOG_BYTES = 8 * 1024 * 1024;
const LOG_TAIL_BYTES = 2_000;
const READINESS_FD = 3;

/** A daemon that could not start says why; `port` is the one that it was refused. */
export class StartFailure extends Error {
  readonly code: string | undefined;
  readonly port: number | undefined;

  constructor(
    message: string,
    { code, port }: { code?: string | undefined; port?: number | undefined } = {},
  ) {
    super(message);
    this.name = 'StartFailure';
    this.code = code;
    this.port = port;
  }
}

export interface Daemon {
  readonly process: ProcessIdentity;
  /** Addresses of what can be reached first. Rejects with StartFailure. */
  readonly listening: Promise<Readonly<Record<string, string>>>;
  /** Rejects with StartFailure when it ends or fails before it is ready. */
  readonly ready: Promise<{ addresses: Readonly<Record<string, string>>; agentId?: string }>;
}

export interface DaemonOptions {
  readonly folder: ClusterFolder;
  /** Part of the cluster: names its log and its run file. */
  readonly part: string;
  /** Which program of bin/plenum-daemon it runs. */
  readonly program: 'control-plane' | 'agent';
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Options of Node.js itself. */
  readonly nodeArgs?: readonly string[];
}

/**
 * Starts a process in a session of its own, so that it outlives this one and its terminal. It writes to its log file and
 * tells by a pipe how far it is, so nobody needs to ask it again and again.
 */
export const startDaemon = (options: DaemonOptions): Daemon => {
  const { folder, part, program, args } = options;
  const logFile = join(folder.logFolder, `${part}.log`);
  mkdirSync(folder.logFolder, { recursive: true });
  putLongLogAside(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const executable = join(installationFolder(), 'bin', 'plenum-daemon');
  const child = spawn(
    process.execPath,
    [...(options.nodeArgs ?? []), executable, program, ...args, '--log-file', logFile],
    {
      cwd: folder.path,
      detached: true,
      env: { ...inheritedEnvironment(), ...options.env, [READINESS_DESCRIPTOR]: String(READINESS_FD) },
      stdio: ['ignore', log, log, 'pipe'],
    },
  );
  closeSync(log);
  const identity = identityOf(child, part);
  noteRunning(folder, part, { process: identity });
  return { process: identity, ...followReadiness(child, part, logFile) };
};

/** What steers this process's Node.js must not steer the daemons'. */
const inheritedEnvironment = (): NodeJS.ProcessEnv => {
  const {
    NODE_OPTIONS: _options,
    NODE_CHANNEL_FD: _channel,
    NODE_UNIQUE_ID: _unique,
    ...inherited
  } = process.env;
  return inherited;
};

const identityOf = (child: ChildProcess, part: string): ProcessIdentity => {
  // A spawn that failed has no pid; the reason comes as an event, later.
  child.on('error', () => undefined);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (!identity) throw new ClusterError('failed', `The process of ${part} could not be started`);
  return identity;
};

const followReadiness = (
  child: ChildProcess,
  part: string,
  logFile: string,
): Pick<Daemon, 'listening' | 'ready'> => {
  const pipe = child.stdio[READINESS_FD] as Readable;
  const lines = createInterface({ input: pipe });
  const messageOf = <T extends Readiness['type']>(type: T): Promise<Extract<Readiness, { type: T }>> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(new StartFailure(`${part} is not ready after ${START_TIMEOUT_MS / 1000} s, see ${logFile}`)),
        START_TIMEOUT_MS,
      );
      lines.on('line', (line) => {
        const message = JSON.parse(line) as Readiness;
        if (message.type === 'failed') reject(new StartFailure(message.message, message));
        else if (message.type === type) resolve(message as Extract<Readiness, { type: T }>);
        if (message.type !== 'listening') {
          clearTimeout(timer);
          letGo(child, pipe);
        }
      });
      // Not at `exit`: what it said last may still be in the pipe.
      child.on('close', (code, signalName) => {
        clearTimeout(timer);
        reject(
          new StartFailure(
            `${part} ended with ${signalName ?? code} while it started${lastLogLine(logFile)}`,
          ),
        );
      });
    });
  const listening = messageOf('listening').then(({ addresses }) => addresses);
  const ready = messageOf('ready');
  // Whoever waits for one of them hears of the failure; the other must not count as unhandled.
  listening.catch(() => undefined);
  ready.catch(() => undefined);
  return { listening, ready };
};

/** From here on the daemon's life is its own: nothing of it keeps this process running. */
const letGo = (child: ChildProcess, pipe: Readable): void => {
  pipe.destroy();
  child.unref();
};

const putLongLogAside = (logFile: string): void => {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LONGEST_LOG_BYTES) renameSync(logFile, `${logFile}.1`);
};

const lastLogLine = (logFile: string): string => {
  const text = readFileSync(logFile, 'utf8').slice(-LOG_TAIL_BYTES).trim();
  const line = text.slice(text.lastIndexOf('\n') + 1);
  return line === '' ? `, see ${logFile}` : `: ${line} (${logFile})`;
};
