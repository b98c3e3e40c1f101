import { request } from '../../src/http/client.ts';
import { waitFor } from '../support/wait-for.ts';

export interface WebHdfs {
  /** Writes a file; the name node is asked where, the data node gets the data. */
  write(path: string, data: Buffer): Promise<void>;
  read(path: string): Promise<Buffer>;
  /** Names and replica counts of a folder's files. */
  list(path: string): Promise<{ pathSuffix: string; replication: number; length: number }[]>;
}

/** Nodes still use connections to one that was just killed, and a safe mode ends by itself: clients try again. */
const EVENTUALLY = { timeoutMs: 120_000, everyMs: 250 };

/** A client of WebHDFS at an address that is asked for anew for every call. */
export const webHdfs = (address: () => Promise<string>): WebHdfs => {
  const urlOf = async (path: string, operation: string): Promise<string> =>
    `${await address()}${path}?op=${operation}&user.name=tester`;
  const create = async (path: string, data: Buffer): Promise<true> => {
    const first = await request({ method: 'PUT', url: await urlOf(path, 'CREATE&overwrite=true') });
    const { location } = first.headers;
    if (first.status !== 307 || location === undefined) {
      throw new Error(`The name node answered ${first.status}: ${first.body.toString('utf8')}`);
    }
    const second = await request({ method: 'PUT', url: location, body: data });
    if (second.status !== 201) throw new Error(`The data node answered ${second.status}: ${second.body}`);
    return true;
  };
  return {
    write: async (path, data) => {
      await waitFor(`${path} is written`, () => create(path, data), EVENTUALLY);
    },
    read: (path) =>
      waitFor(
        `${path} is read`,
        async () => {
          const { status, body } = await request({ url: await urlOf(path, 'OPEN'), maxRedirects: 1 });
          if (status !== 200) throw new Error(`${status}: ${body.toString('utf8').slice(0, 300)}`);
          return body;
        },
        EVENTUALLY,
      ),
    list: async (path) => {
      const { body } = await request({ url: await urlOf(path, 'LISTSTATUS') });
      const answer: {
        FileStatuses: { FileStatus: { pathSuffix: string; replication: number; length: number }[] };
      } = JSON.parse(body.toString('utf8'));
      return answer.FileStatuses.FileStatus;
    },
  };
};
