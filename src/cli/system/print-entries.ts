import type { SystemLogEntry } from '../../clients/system-client.ts';
import type { Paint } from '../output/paint.ts';

export const LOG_FORMS = ['short', 'cat', 'json', 'json-pretty'] as const;
export type LogForm = (typeof LOG_FORMS)[number];

const MICROSECONDS = 1_000;
/** Priorities of syslog: up to this one something is wrong. */
const WORST_ERROR = 3;
const WARNING = 4;

/** An entry as a person reads it, or as journalctl writes it (cli.md 7.3). */
export const entryText = (entry: SystemLogEntry, form: LogForm, paint: Paint): string => {
  switch (form) {
    case 'cat':
      return entry.fields.MESSAGE ?? '';
    case 'json':
      return JSON.stringify(journalObject(entry));
    case 'json-pretty':
      return JSON.stringify(journalObject(entry), undefined, 4);
    case 'short':
      return colored(entry, paint)(shortText(entry));
  }
};

const shortText = ({ fields, realtime_timestamp = 0 }: SystemLogEntry): string => {
  const time = new Date(realtime_timestamp / MICROSECONDS).toISOString();
  const { SYSLOG_IDENTIFIER: name = '', _PID: pid, MESSAGE: message = '' } = fields;
  return `${time} ${name}${pid === undefined ? '' : ` [${pid}]`}: ${message}`;
};

const colored = ({ fields }: SystemLogEntry, paint: Paint): ((text: string) => string) => {
  const priority = Number(fields.PRIORITY ?? 6);
  if (priority <= WORST_ERROR) return paint.bad;
  return priority === WARNING ? paint.busy : (text) => text;
};

const journalObject = ({
  fields,
  cursor,
  monotonic_timestamp,
  realtime_timestamp,
}: SystemLogEntry): object => ({
  __CURSOR: cursor,
  __MONOTONIC_TIMESTAMP: monotonic_timestamp,
  __REALTIME_TIMESTAMP: realtime_timestamp,
  ...fields,
});
