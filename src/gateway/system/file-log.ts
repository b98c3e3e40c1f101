import { isNotFound } from '../../clients/api-error.ts';
import { type ReadableFolder, readOn, readTail } from '../../clients/task-files/read-log.ts';
import type { LogReader } from './log-answer.ts';
import type { LogEntry } from './log-entry.ts';

/** Makes an entry of a line, or nothing of what is none. */
export type LineReader = (line: string, offset: number) => LogEntry | undefined;

/** A file of an agent as a log: whole lines only, a line that is still being written comes when it is done. */
export const fileLog = (folder: ReadableFolder, file: string, entryOf: LineReader): LogReader => {
  let offset = 0;
  let rest = '';
  const entriesOf = (text: string, begin: number): LogEntry[] => {
    const lines = text.split('\n');
    rest = lines.pop() ?? '';
    let at = begin;
    return lines.flatMap((line) => {
      const entry = entryOf(line, at);
      at += Buffer.byteLength(line) + 1;
      return entry ?? [];
    });
  };
  return {
    readLast: async (lines) => {
      try {
        const { text, end } = await readTail(folder, file, lines);
        offset = end;
        const entries = entriesOf(text.toString('utf8'), end - text.length);
        const last = rest === '' ? undefined : entryOf(rest, end - Buffer.byteLength(rest));
        return last ? [...entries, last] : entries;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    readNew: async () => {
      const pieces: Buffer[] = [];
      const before = offset - Buffer.byteLength(rest);
      try {
        offset = await readOn(folder, { file, offset, write: (piece) => pieces.push(piece) });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return pieces.length === 0 ? [] : entriesOf(rest + Buffer.concat(pieces).toString('utf8'), before);
    },
  };
};
