import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';

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
  /** Redirects (301, 302, 303, 307, 308) that are followed. Default: 0. */
  maxRedirects?: number;
}

export interface HttpResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface HttpStream {
  status: number;
  headers: IncomingHttpHeaders;
  body: AsyncIterable<Buffer>;
  /** Ends the connection; iterating the body then ends too, with an error. */
  close(): void;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const plainAgent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const tlsAgent = new https.Agent({ keepAlive: true, maxSockets: 64 });

/** Sends a request and reads the whole answer. Rejects with the system's error, or one named TimeoutError. */
export const request = async (options: HttpRequest): Promise<HttpResponse> => {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    const incoming = await follow(options, signal);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) };
  } catch (error) {
    throw timeout.aborted ? timeoutError(options, error) : error;
  }
};

/** Sends a request and resolves with the headers; the body is then read as it comes, for as long as it lasts. */
export const openStream = async (options: HttpRequest): Promise<HttpStream> => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal;
  try {
    const incoming = await follow(options, signal, false);
    return {
      status: incoming.statusCode ?? 0,
      headers: incoming.headers,
      body: incoming,
      close: () => incoming.destroy(),
    };
  } catch (error) {
    throw controller.signal.aborted ? timeoutError(options, error) : error;
  } finally {
    clearTimeout(timer);
  }
};

const timeoutError = ({ method = 'GET', url }: HttpRequest, cause: unknown): Error => {
  const error = new Error(`${method} ${new URL(url).origin} timed out`, { cause });
  error.name = 'TimeoutError';
  return error;
};

const follow = async (options: HttpRequest, signal: AbortSignal, shared = true): Promise<IncomingMessage> => {
  let url = new URL(options.url);
  for (let left = options.maxRedirects ?? 0; ; left--) {
    const incoming = await exchange(url, options, signal, shared);
    const location = incoming.headers.location;
    if (!REDIRECTS.has(incoming.statusCode ?? 0) || location === undefined || left <= 0) return incoming;
    incoming.resume();
    url = new URL(location, url);
  }
};

const exchange = (
  url: URL,
  options: HttpRequest,
  signal: AbortSignal,
  shared: boolean,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:';
    const sharedAgent = secure ? tlsAgent : plainAgent;
    const outgoing = (secure ? https : http).request(url, {
      method: options.method ?? 'GET',
      headers: bodyHeaders(options),
      agent: shared && !options.tls ? sharedAgent : false,
      signal,
      ...options.tls,
    });
    outgoing.setNoDelay(true);
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });

const bodyHeaders = ({ body, headers = {} }: HttpRequest): Record<string, string> =>
  body === undefined ? { ...headers } : { 'Content-Length': String(Buffer.byteLength(body)), ...headers };
