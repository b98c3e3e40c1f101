import http, { type IncomingMessage } from 'node:http';
import { errorCode } from '../../runtime/error-message.ts';

/** The engine said no. */
export class EngineError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'EngineError';
    this.status = status;
  }
}

export interface EngineRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const ANSWER_MS = 60_000;
const LIMIT_BYTES = 16 * 1024 ** 2;

/** Talks to a container engine over its unix socket (Docker Engine API; others speak it as well). */
export class EngineClient {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** The JSON of an answer, or undefined for none. Rejects with EngineError when the engine refuses. */
  async ask(request: EngineRequest): Promise<unknown> {
    const answer = await this.open(request, ANSWER_MS);
    const text = await readText(answer);
    if (text.trim() === '') return undefined;
    return JSON.parse(text);
  }

  /** An answer whose body is read as it comes. Rejects with EngineError when the engine refuses. */
  async open(request: EngineRequest, timeoutMs?: number): Promise<IncomingMessage> {
    const answer = await this.#send(request, timeoutMs);
    const status = answer.statusCode ?? 0;
    if (status < 400) return answer;
    const text = await readText(answer);
    throw new EngineError(status, messageIn(text) ?? `the engine answered ${status}`);
  }

  #send(
    { method, path, query = {}, body, headers = {}, signal }: EngineRequest,
    timeoutMs: number | undefined,
  ): Promise<IncomingMessage> {
    const search = new URLSearchParams(query).toString();
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = http.request({
        socketPath: this.#socketPath,
        method,
        path: search === '' ? path : `${path}?${search}`,
        headers: {
          Host: 'engine',
          ...(payload === undefined
            ? {}
            : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(payload) }),
          ...headers,
        },
        agent: false,
        ...(signal ? { signal } : {}),
      });
      if (timeoutMs !== undefined) {
        outgoing.setTimeout(timeoutMs, () =>
          outgoing.destroy(new Error('The container engine does not answer')),
        );
      }
      outgoing.on('response', resolve);
      outgoing.on('error', (error) => reject(explain(error, this.#socketPath)));
      outgoing.end(payload);
    });
  }
}

const explain = (error: Error, socketPath: string): Error => {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'EACCES'
    ? new Error(`The container engine cannot be reached at ${socketPath}: ${code}`)
    : error;
};

const readText = async (answer: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > LIMIT_BYTES) throw new Error('The answer of the container engine is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const messageIn = (text: string): string | undefined => {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
};
