/** An entry of the logs API v2 (cli.md 19.3); its times are microseconds. */
export interface LogEntry {
  readonly fields: Readonly<Record<string, string>>;
  /** Where the entry begins, for those who want to go on from there. */
  readonly cursor: string;
  readonly monotonic_timestamp: number;
  readonly realtime_timestamp: number;
}

export interface LogSource {
  /** Who wrote it, such as `marathon`. */
  readonly identifier: string;
  readonly hostname: string;
}

export const cursorAt = (offset: number): string => `s=${offset}`;

/** A line that a task printed; when, nobody knows. */
export const printedEntry = (
  line: string,
  { offset, nowMs, source }: { offset: number; nowMs: number; source: LogSource },
): LogEntry => ({
  fields: {
    MESSAGE: line,
    PRIORITY: '6',
    SYSLOG_IDENTIFIER: source.identifier,
    _HOSTNAME: source.hostname,
    _TRANSPORT: 'stdout',
  },
  cursor: cursorAt(offset),
  monotonic_timestamp: 0,
  realtime_timestamp: Math.round(nowMs * 1_000),
});

/** Levels of our logs as the priorities of syslog: 3 error, 4 warning, 6 information, 7 debugging. */
const PRIORITIES: Readonly<Record<number, string>> = { 20: '7', 30: '6', 40: '4', 50: '3' };
/** What is said by fields of an entry's own. */
const OWN_FIELDS = new Set(['level', 'time', 'part', 'server', 'msg', 'pid', 'hostname']);

/** A line of one of our own logs, which is JSON; undefined for what is none, such as the end of a line that was cut. */
export const serverEntry = (
  line: string,
  { offset, source }: { offset: number; source: LogSource },
): (LogEntry & { readonly server: string | undefined }) | undefined => {
  const record = parsed(line);
  if (record === undefined) return undefined;
  const { level, time, server, msg } = record;
  const details = Object.entries(record)
    .filter(([name]) => !OWN_FIELDS.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const part = typeof server === 'string' ? server : undefined;
  const writtenMs = Date.parse(String(time));
  return {
    server: part,
    fields: {
      MESSAGE: [String(msg ?? ''), ...details].join(' '),
      PRIORITY: PRIORITIES[Number(level)] ?? '6',
      SYSLOG_IDENTIFIER: part ?? source.identifier,
      _HOSTNAME: source.hostname,
      _TRANSPORT: 'stdout',
    },
    cursor: cursorAt(offset),
    monotonic_timestamp: 0,
    realtime_timestamp: Number.isNaN(writtenMs) ? 0 : writtenMs * 1_000,
  };
};

const parsed = (line: string): Record<string, unknown> | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
};
