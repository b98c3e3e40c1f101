import { send, sendForJson } from './call.ts';
import type { Connection } from './connection.ts';
import { MESOS } from './mesos-client.ts';
import type { MesosFile } from './mesos-types.ts';

/** The files that an agent shows (mesos.md 3.11); the connection leads to the agent. Every call throws ApiError. */
export interface AgentFilesClient {
  /** Every name under which files can be asked for, and the real path behind it. */
  debug(): Promise<Readonly<Record<string, string>>>;
  /** Entries of a folder; of a file: none. */
  browse(path: string): Promise<MesosFile[]>;
  /** How many bytes a file has. */
  size(path: string): Promise<number>;
  /** The bytes from an offset on, 65,536 at most and none past the end; and how long the file is now. */
  read(
    path: string,
    offset: number,
    length?: number,
  ): Promise<{ readonly data: Buffer; readonly size: number }>;
  /** The whole file. */
  download(path: string): Promise<Buffer>;
}

export const createAgentFilesClient = (connection: Connection): AgentFilesClient => {
  const ask = <T extends object>(path: string, query = {}): Promise<T> =>
    sendForJson(MESOS, connection, { path, query });
  return {
    debug: () => ask('/files/debug'),
    browse: (path) => ask('/files/browse', { path }),
    size: async (path) => (await ask<{ offset: number }>('/files/read', { path, offset: -1 })).offset,
    read: async (path, offset, length = -1) => {
      // By the operator API, whose data is base64: /files/read spoils what is cut within a character.
      const answer = await sendForJson<{ read_file: { data?: string; size: number } }>(MESOS, connection, {
        method: 'POST',
        path: '/api/v1',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          type: 'READ_FILE',
          read_file: { path, offset, ...(length < 0 ? {} : { length }) },
        }),
      });
      const { data = '', size } = answer.read_file;
      return { data: Buffer.from(data, 'base64'), size: Number(size) };
    },
    download: async (path) =>
      (await send(MESOS, connection, { path: '/files/download', query: { path } })).body,
  };
};
