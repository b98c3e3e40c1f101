import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { peerAt } from './peers.ts';

/** What is sent. Over node:http, which starts several times faster than undici in a short-lived process. */
export interface HttpRequest {
  method?: string;
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** For the whole exchange (of a stream: until its headers are there). Default: 30 s. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** For https: the certificate authority to trust, or that none need be. */
  tls?: { ca?: string; rejectUnauthorized?: boolean };
  /** Goes where others say: the server is not shown who this process is, even if it is one of its own cluster. */
  isAnonymous?: boolean;
  /** The longest body that is read; a longer one is an error named AnswerTooLongError. Default: no limit. */
  limitBytes?: number;
  /** Redirects (301, 302, 303, 307, 308) that are followed. Default: 0. */
  maxRedirects?: number;
}

export interface HttpResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface HttpStream {
  /** Where it comes from, redirects followed. */
  url: string;
  status: number;
  headers: IncomingHttpHeaders;
  body: AsyncIterable<Buffer>;
  /** Ends the connection; iterating the body then ends too, with an error. */
  close(): void;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const plainAgent = new http.Agent({ keepAlive: true, maxSockets: 64 });
/** Made when it is needed: loading TLS is a fifth of the time of a short command. */
const tlsAgent = (): https.Agent => {
  sharedTlsAgent ??= new https.Agent({ keepAlive: true, maxSockets: 64 });
  return sharedTlsAgent;
};
let sharedTlsAgent: https.Agent | undefined;

/** Sends a request and reads the whole answer. Rejects with the system's error, or one named TimeoutError. */
export const request = (options: HttpRequest): Promise<HttpResponse> =>
  inTime(options, async (attempt) => {
    const { incoming } = await follow(options, attempt, true);
    const body = await collect(incoming, options.limitBytes);
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body };
  });

/** Sends a request and resolves with the headers; the body is then read as it comes, for as long as it lasts. */
export const openStream = (options: HttpRequest): Promise<HttpStream> =>
  inTime(options, async (attempt) => {
    const { incoming, url } = await follow(options, attempt, false);
    return {
      url,
      status: incoming.statusCode ?? 0,
      headers: incoming.headers,
      body: incoming,
      close: () => incoming.destroy(),
    };
  });

/** The request that is under way: after a redirect the next one. */
interface Attempt {
  outgoing?: ClientRequest;
  isLate: boolean;
}

/** A timer instead of an AbortSignal: an exchange over the loopback then takes a quarter less of the processor. */
const inTime = async <Result>(
  options: HttpRequest,
  run: (attempt: Attempt) => Promise<Result>,
): Promise<Result> => {
  const attempt: Attempt = { isLate: false };
  const timer = setTimeout(() => {
    attempt.isLate = true;
    attempt.outgoing?.destroy(new Error('The time is over'));
  }, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  try {
    return await run(attempt);
  } catch (error) {
    throw attempt.isLate ? timeoutError(options, error) : error;
  } finally {
    clearTimeout(timer);
  }
};

const timeoutError = ({ method = 'GET', url }: HttpRequest, cause: unknown): Error => {
  const error = new Error(`${method} ${new URL(url).origin} timed out`, { cause });
  error.name = 'TimeoutError';
  return error;
};

const follow = async (
  options: HttpRequest,
  attempt: Attempt,
  shared: boolean,
): Promise<{ incoming: IncomingMessage; url: string }> => {
  let url = new URL(options.url);
  for (let left = options.maxRedirects ?? 0; ; left--) {
    const incoming = await exchange(url, options, attempt, shared);
    const location = incoming.headers.location;
    if (!REDIRECTS.has(incoming.statusCode ?? 0) || location === undefined || left <= 0) {
      return { incoming, url: url.href };
    }
    incoming.resume();
    url = new URL(location, url);
  }
};

const exchange = (
  url: URL,
  options: HttpRequest,
  attempt: Attempt,
  shared: boolean,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:';
    const peer = options.tls ? undefined : peerAt(url);
    const sharedAgent = secure ? (peer?.agent ?? tlsAgent()) : plainAgent;
    const authorization = options.isAnonymous ? undefined : peer?.authorization?.();
    const outgoing = (secure ? https : http).request(url, {
      method: options.method ?? 'GET',
      headers: {
        ...(authorization === undefined ? {} : { Authorization: authorization }),
        ...bodyHeaders(options),
      },
      agent: shared && !options.tls ? sharedAgent : false,
      ...(options.signal ? { signal: options.signal } : {}),
      ...(peer?.ca === undefined ? {} : { ca: peer.ca }),
      ...options.tls,
    });
    attempt.outgoing = outgoing;
    outgoing.setNoDelay(true);
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(options.body);
    if (attempt.isLate) outgoing.destroy(new Error('The time is over'));
  });

const collect = (incoming: IncomingMessage, limitBytes = Number.POSITIVE_INFINITY): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let left = limitBytes;
    incoming.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left >= 0) chunks.push(chunk);
      else incoming.destroy(tooLong(limitBytes));
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
    incoming.on('error', reject);
    incoming.on('close', () => reject(new Error('The answer ended before it was complete')));
  });

const tooLong = (limitBytes: number): Error => {
  const error = new Error(`the answer is longer than ${limitBytes} bytes`);
  error.name = 'AnswerTooLongError';
  return error;
};

const bodyHeaders = ({ body, headers = {} }: HttpRequest): Record<string, string> =>
  body === undefined ? { ...headers } : { 'Content-Length': String(Buffer.byteLength(body)), ...headers };
