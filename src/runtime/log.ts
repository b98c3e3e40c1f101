import { pino } from 'pino';

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

/** Writes JSON lines to standard output. */
export const createLog = (part: string, level: LogLevel = 'info'): Log =>
  pino({ level, base: { part }, timestamp: pino.stdTimeFunctions.isoTime });

const ignore = (): void => undefined;

/** For tests and for callers that want silence. */
export const silentLog: Log = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  child: () => silentLog,
};
