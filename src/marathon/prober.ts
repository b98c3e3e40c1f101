import { setMaxListeners } from 'node:events';
import { connect } from 'node:net';
import { openStream } from '../http/client.ts';
import { LONGEST_TIMEOUT_MS } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Probe, ProbeResult, ProbeTarget } from './core/effect.ts';

/** Probes under way at a time (marathon.md 3.13); more wait. Each check waits for its result, so they are bounded. */
const MAX_CONCURRENT = 256;
const MAX_BODY_BYTES = 64 * 1024;

/** Looks whether instances answer, for health and readiness checks. */
export class Prober {
  readonly #onResult: (probe: Probe, result: ProbeResult) => void;
  readonly #waiting: Probe[] = [];
  readonly #abort = new AbortController();
  #underWay = 0;

  constructor(onResult: (probe: Probe, result: ProbeResult) => void) {
    this.#onResult = onResult;
    // Each probe under way listens to it.
    setMaxListeners(MAX_CONCURRENT, this.#abort.signal);
  }

  probe(probe: Probe): void {
    this.#waiting.push(probe);
    this.#pump();
  }

  close(): void {
    this.#waiting.length = 0;
    this.#abort.abort();
  }

  #pump(): void {
    while (this.#underWay < MAX_CONCURRENT) {
      const probe = this.#waiting.shift();
      if (probe === undefined) return;
      this.#underWay++;
      void this.#run(probe);
    }
  }

  async #run(probe: Probe): Promise<void> {
    const { target } = probe;
    const timeoutMs = Math.min(probe.timeoutMs, LONGEST_TIMEOUT_MS);
    const result = await (target.type === 'tcp'
      ? probeTcp(target, timeoutMs, this.#abort.signal)
      : probeHttp(target, timeoutMs, this.#abort.signal)
    ).catch((error: unknown): ProbeResult => ({ type: 'failed', message: errorMessage(error) }));
    this.#underWay--;
    if (this.#abort.signal.aborted) return;
    this.#onResult(probe, result);
    this.#pump();
  }
}

const probeTcp = (
  { host, port }: Extract<ProbeTarget, { type: 'tcp' }>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProbeResult> =>
  new Promise((resolve, reject) => {
    let end: ProbeResult | Error = new Error('The connection was closed');
    const socket = connect({ host, port });
    const forget = onAbort(signal, () => socket.destroy(new Error('Marathon stops')));
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`timed out after ${timeoutMs / 1000} s`)));
    socket.once('connect', () => {
      end = { type: 'connected' };
      socket.destroy();
    });
    socket.once('error', (error) => {
      end = error;
    });
    // Not before: what is under way is bounded.
    socket.once('close', () => {
      forget();
      if (end instanceof Error) reject(end);
      else resolve(end);
    });
  });

/**
 * Has something done when a signal aborts; the answer has it forgotten. Both the option `signal` of sockets and
 * AbortSignal.any leave something behind at a signal that lives long, and there is no end of probes.
 */
const onAbort = (signal: AbortSignal, act: () => void): (() => void) => {
  signal.addEventListener('abort', act);
  return () => signal.removeEventListener('abort', act);
};

/** Redirects are not followed and certificates not looked at, as in Marathon. A body that is not wanted is not read. */
const probeHttp = async (
  { url, keepsBody }: Extract<ProbeTarget, { type: 'http' }>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProbeResult> => {
  const ending = new AbortController();
  const forget = onAbort(signal, () => ending.abort());
  const timer = setTimeout(() => ending.abort(), timeoutMs);
  try {
    const stream = await openStream({
      url,
      timeoutMs,
      signal: ending.signal,
      ...(url.startsWith('https:') ? { tls: { rejectUnauthorized: false } } : {}),
    });
    try {
      const contentType = stream.headers['content-type'] ?? '';
      const body = keepsBody ? await readStart(stream.body) : '';
      return { type: 'http', status: stream.status, contentType, body };
    } finally {
      stream.close();
    }
  } finally {
    clearTimeout(timer);
    forget();
  }
};

const readStart = async (body: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8');
};
