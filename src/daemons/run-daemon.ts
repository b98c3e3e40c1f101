import { systemClock } from '../runtime/clock.ts';
import { errorCode, errorMessage } from '../runtime/error-message.ts';
import { createLog, type Log } from '../runtime/log.ts';
import { type Readiness, reportReadiness } from '../runtime/readiness.ts';
import { boundLog } from './bound-log.ts';
import { OptionError } from './daemon-options.ts';

const USAGE_EXIT_CODE = 2;
const CONFLICT_EXIT_CODE = 4;
/** A server that cannot end in this time would keep `plenum down` waiting for nothing. */
const LONGEST_CLOSE_MS = 8_000;

/** A server, or several, that run in this process. */
export interface RunningDaemon {
  /** URLs by the name of what listens there. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly agentId?: string;
  /** Resolves with the reason when a part cannot go on, such as a framework that the master has removed. */
  readonly ended?: Promise<string>;
  /** Ends in order; tasks go on. */
  close(): Promise<void>;
  /** Ends the tasks too. Without it a request to do so is a request to end. */
  closeWithTasks?(): Promise<void>;
  /** Takes leave for good: the tasks end, and nobody expects this part back. */
  leave?(): Promise<void>;
}

export interface DaemonProgram {
  /** Names the log's lines. */
  readonly part: string;
  /** The file that standard output goes to, when it is one that must be kept bounded. */
  readonly logFile: string | undefined;
  start(log: Log): Promise<RunningDaemon>;
}

/**
 * Runs servers as this process: tells the starter when they are ready or why not, ends them on SIGTERM and SIGINT, with
 * their tasks on SIGUSR2, and for good on SIGUSR1. An error that nobody caught is logged and ends the process: what it left behind in memory
 * cannot be trusted, and what is durable is all there.
 */
export const runDaemon = async (program: () => DaemonProgram): Promise<void> => {
  try {
    const { part, logFile, start } = program();
    const log = createLog(part);
    if (logFile !== undefined) boundLog(logFile, systemClock);
    process.on('uncaughtException', (error) => {
      log.error({ error: errorMessage(error), stack: error.stack }, 'uncaught error');
      process.exit(1);
    });
    const running = await start(log);
    endOnSignals(running, log);
    endForGood(running, log);
    const { addresses, agentId } = running;
    log.info({ ...addresses, pid: process.pid }, 'ready');
    reportReadiness({ type: 'ready', addresses, ...(agentId === undefined ? {} : { agentId }) });
  } catch (error) {
    reportReadiness(failureOf(error));
    process.stderr.write(`${explain(error)}\n`);
    process.exit(exitCodeOf(error));
  }
};

const isPortTaken = (error: unknown): boolean => errorCode(error) === 'EADDRINUSE';

const explain = (error: unknown): string =>
  isPortTaken(error) ? `The port is taken: ${errorMessage(error)}` : errorMessage(error);

const exitCodeOf = (error: unknown): number => {
  if (error instanceof OptionError) return USAGE_EXIT_CODE;
  return isPortTaken(error) ? CONFLICT_EXIT_CODE : 1;
};

const endOnSignals = (running: RunningDaemon, log: Log): void => {
  let isEnding = false;
  const end = (signal: string, close: () => Promise<void>): void => {
    if (isEnding) return;
    isEnding = true;
    log.info({ signal }, 'ending');
    const finish = (code: number): never => process.exit(code);
    close().then(
      () => finish(0),
      (error: unknown) => {
        log.error({ error: errorMessage(error) }, 'could not end in order');
        finish(1);
      },
    );
  };
  const close = (): Promise<void> => withinTime(running.close(), LONGEST_CLOSE_MS);
  process.on('SIGTERM', () => end('SIGTERM', close));
  process.on('SIGINT', () => end('SIGINT', close));
  // How long tasks take to end is said by their own grace periods.
  process.on('SIGUSR2', () => end('SIGUSR2', running.closeWithTasks ?? close));
  // Without it SIGUSR1 is Node's own: it would open the inspector.
  process.on('SIGUSR1', () => end('SIGUSR1', running.leave ?? close));
};

/** What cannot go on ends its process, so that whoever supervises it sees that; all that was accepted is durable. */
const endForGood = ({ ended }: RunningDaemon, log: Log): void => {
  void ended?.then((reason) => {
    log.error({ reason }, 'cannot go on');
    process.exit(1);
  });
};

const withinTime = (closing: Promise<void>, longestMs: number): Promise<void> =>
  Promise.race([
    closing,
    new Promise<void>((_resolve, reject) => {
      setTimeout(() => reject(new Error(`Still not ended after ${longestMs / 1000} s`)), longestMs);
    }),
  ]);

const failureOf = (error: unknown): Readiness => {
  const code = errorCode(error);
  const port =
    error instanceof Error && 'port' in error && typeof error.port === 'number' ? error.port : undefined;
  return {
    type: 'failed',
    message: errorMessage(error),
    ...(code === undefined ? {} : { code }),
    ...(port === undefined ? {} : { port }),
  };
};
