import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { HttpError } from '../../http/http-error.ts';
import { send } from '../../http/respond.ts';
import type { Exchange } from '../../http/router.ts';
import type { LogEntry } from './log-entry.ts';

/** What a client of the logs API asks for (cli.md 6.2, 7.3). */
export interface LogQuery {
  readonly form: 'text' | 'json' | 'events';
  /** Entries from the end; everything, within bounds, when undefined. */
  readonly last: number | undefined;
  /** Fields that entries have to have. */
  readonly filters: readonly { readonly field: string; readonly value: string }[];
}

/** More entries than this are not given at once. */
const MOST_ENTRIES = 20_000;
const DEFAULT_ENTRIES = 10;
const FOLLOW_EVERY_MS = 500;

/** Throws HttpError 400. */
export const readLogQuery = ({ request, query }: Exchange): LogQuery => {
  const accept = request.headers.accept ?? '';
  const skip = query.get('skip');
  const limit = query.get('limit');
  const asked = skip === null ? (limit === null ? DEFAULT_ENTRIES : Number(limit)) : -Number(skip);
  if (!Number.isInteger(asked)) {
    throw new HttpError(400, 'skip and limit take whole numbers: skip=-10 are the last ten');
  }
  return {
    form: accept.includes('text/event-stream') ? 'events' : accept.includes('json') ? 'json' : 'text',
    // A skip of 0 is everything.
    last: asked <= 0 ? undefined : Math.min(asked, MOST_ENTRIES),
    filters: query.getAll('filter').map((filter) => {
      const colon = filter.indexOf(':');
      if (colon < 1) throw new HttpError(400, `filter takes FIELD:VALUE, not ${filter}`);
      return { field: filter.slice(0, colon), value: filter.slice(colon + 1) };
    }),
  };
};

/** What can be answered: entries up to now, and those that come. */
export interface LogReader {
  /** Not every line becomes an entry. */
  readonly isSparse?: boolean;
  /** The entries of the last so many lines; of what is not there at all: undefined. */
  readLast(lines: number): Promise<readonly LogEntry[] | undefined>;
  /** Entries since the last call, or since readLast. */
  readNew(): Promise<readonly LogEntry[]>;
}

/** Answers with entries as text, as lines of JSON, or as events for as long as the client listens. */
export const answerLog = async (
  { response }: Exchange,
  { form, last, filters }: LogQuery,
  reader: LogReader,
): Promise<void> => {
  const isWanted = ({ fields }: LogEntry): boolean =>
    filters.every(({ field, value }) => fields[field] === value);
  const wanted = last ?? MOST_ENTRIES;
  // Where lines are left out the last ten are further back than ten lines.
  const isSparse = reader.isSparse || filters.length > 0;
  const read = await reader.readLast(isSparse ? MOST_ENTRIES : wanted);
  const entries = (read ?? []).filter(isWanted).slice(-wanted);
  if (form === 'events')
    return followLog(response, entries, async () => (await reader.readNew()).filter(isWanted));
  if (entries.length === 0) return send(response, 204);
  const body = entries
    .map((entry) => (form === 'json' ? JSON.stringify(entry) : entry.fields.MESSAGE))
    .join('\n');
  send(response, 200, `${body}\n`, {
    'Content-Type': form === 'json' ? 'application/json' : 'text/plain; charset=utf-8',
  });
};

const followLog = async (
  response: ServerResponse,
  first: readonly LogEntry[],
  readNew: () => Promise<readonly LogEntry[]>,
): Promise<void> => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  response.flushHeaders();
  let entries = first;
  while (!response.destroyed) {
    const text = entries.map((entry) => `id: ${entry.cursor}\ndata: ${JSON.stringify(entry)}\n\n`).join('');
    // Who reads slowly is waited for; nothing is collected meanwhile.
    if (text !== '' && !response.write(text)) await drained(response);
    await pause(FOLLOW_EVERY_MS);
    if (!response.destroyed) entries = await readNew();
  }
};

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
