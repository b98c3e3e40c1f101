import { Agent, request } from 'node:http';
import type { LogFields } from '../../../src/runtime/log.ts';
import { silentLog } from '../../../src/runtime/log.ts';

export interface Shot {
  method?: string;
  /** Such as /api/v1, sent as it is. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
}

export interface Answer {
  status: number;
  contentType: string;
  text: string;
}

const LONGEST_ANSWER_MS = 20_000;
/** A stream is left after so long. */
const LOOK_MS = 50;

const connections = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends one request as it is and gives the answer; of one that goes on, its beginning. Rejects when none comes. */
export const shoot = (
  url: string,
  { method = 'POST', path, headers = {}, body = '' }: Shot,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const length = { 'Content-Length': String(Buffer.byteLength(body)) };
    const sent = request(
      { agent: connections, hostname, port, method, path, headers: { ...length, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        const done = (): void => {
          clearTimeout(deadline);
          clearTimeout(look);
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString('latin1'),
          });
        };
        const leave = (): void => {
          done();
          response.destroy();
        };
        const look = setTimeout(() => (response.statusCode === 200 ? leave() : undefined), LOOK_MS);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', done);
        response.on('error', () => undefined);
      },
    );
    const deadline = setTimeout(() => sent.destroy(new Error('no answer came in time')), LONGEST_ANSWER_MS);
    sent.on('error', (error) => {
      clearTimeout(deadline);
      reject(error);
    });
    sent.end(body);
  });

/** Where Mesos itself answers 500, in these words, and its clients reckon with it (mesos.md 3.8). */
const OWN_500 =
  /^(I\/O switchboard |Failed writing to stdin: |Failed to connect to the terminal: |Nested container has not terminated yet$)/;

/** What is wrong with an answer to a hostile call; undefined when it is one that a client can live with. */
export const faultOf = ({ status, contentType, text }: Answer): string | undefined => {
  if (status >= 200 && status < 300) return undefined;
  const isRefusal = (status >= 400 && status < 500) || status === 501 || status === 503;
  if (status === 500 && OWN_500.test(text)) return undefined;
  if (!isRefusal) return `status ${status}: ${text.slice(0, 300)}`;
  if (!/^(text\/plain|application\/json)/.test(contentType)) return `an error of type '${contentType}'`;
  if (text.length > 1_000_000) return `an error of ${text.length} bytes`;
  if (/\n\s+at .*\.[jt]s:\d+/.test(text)) return `an error with a stack: ${text.slice(0, 300)}`;
  if (/undefined|is not a function|Cannot read prop|\[object/.test(text))
    return `an inner error: ${text.slice(0, 300)}`;
  return undefined;
};

/** A log that keeps what went wrong, so that a failure can say where. */
export const errorLog = (): { log: typeof silentLog; errors: LogFields[] } => {
  const errors: LogFields[] = [];
  const log = { ...silentLog, error: (fields: LogFields) => void errors.push(fields), child: () => log };
  return { log, errors };
};
