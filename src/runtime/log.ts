import { type Logger, pino } from 'pino';

/** Facts of a log line, by name. They must hold no secrets. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging; messages are lower case and end without a period. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A log whose every line carries the given fields too. */
  child(fields: LogFields): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What is logged: lines of this level and of those above it. */
export type LogThreshold = LogLevel | 'off';

export const LOG_THRESHOLDS: readonly LogThreshold[] = ['debug', 'info', 'warn', 'error', 'off'];

/** How much this process logs. It may be changed at any time, for all logs that there are. */
export const processLogging: { threshold: LogThreshold } = { threshold: 'info' };

/** Writes JSON lines to standard output, at the latest after 20 ms. */
export const createLog = (part: string): Log =>
  written(
    pino({ level: 'debug', base: { part }, timestamp: pino.stdTimeFunctions.isoTime }, gatheredOutput()),
  );

const written = (logger: Logger): Log => {
  const at = (level: LogLevel) => (fields: LogFields, message: string) => {
    if (isLogged(level)) logger[level](fields, message);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => written(logger.child(fields)),
  };
};

const isLogged = (level: LogLevel): boolean =>
  LOG_THRESHOLDS.indexOf(level) >= LOG_THRESHOLDS.indexOf(processLogging.threshold);

const GATHER_MS = 20;
const LONGEST_GATHERED_BYTES = 8 * 1024;

/** Lines of the same moment are written together: a write wakes another thread, which takes longer than making the line. */
const gatheredOutput = (): { write(line: string): void } => {
  const output = pino.destination({ fd: 1, sync: false, minLength: LONGEST_GATHERED_BYTES });
  let isGathering = false;
  return {
    write: (line) => {
      output.write(line);
      if (isGathering) return;
      isGathering = true;
      setTimeout(() => {
        isGathering = false;
        output.flush();
      }, GATHER_MS);
    },
  };
};

const ignore = (): void => undefined;

/** For tests and for callers that want silence. */
export const silentLog: Log = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  child: () => silentLog,
};
