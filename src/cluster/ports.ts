import { createServer } from 'node:net';
import { errorCode, errorMessage } from '../runtime/error-message.ts';
import { ClusterError } from './cluster-error.ts';
import { waitUntil } from './wait-until.ts';

/** The kernel may hold the port of a process that was just killed for a moment longer. */
const PATIENCE = { timeoutMs: 2_000, everyMs: 25 };

export interface PortWish {
  /** What listens there, for messages, and the flag that chooses it. */
  readonly part: string;
  readonly flag: string;
  readonly host: string;
  /** Given by flag: must be had. 0 takes a free one. */
  readonly asked?: number | undefined;
  /** Where the part listened before: must be had again. */
  readonly kept?: number | undefined;
  /** Taken if it is free. */
  readonly preferred: number;
}

/** The port to start with; 0 when any will do. Throws ClusterError when one that must be had is taken or forbidden. */
export const choosePort = async (wish: PortWish): Promise<number> => {
  const { asked, kept, preferred, host } = wish;
  if (asked === 0) return 0;
  const demanded = asked ?? kept;
  if (demanded === undefined) return preferPort(host, preferred);
  let refusal: unknown;
  await waitUntil(async () => {
    refusal = await probe(host, demanded);
    return errorCode(refusal) !== 'EADDRINUSE' || asked !== undefined;
  }, PATIENCE);
  if (refusal !== undefined) throw portRefused(wish, demanded, refusal);
  return demanded;
};

/** The port if it is free, else 0. */
export const preferPort = async (host: string, port: number): Promise<number> =>
  (await probe(host, port)) === undefined ? port : 0;

/** What to say when a port that must be had is not. */
export const portRefused = (
  { part, flag, host }: Pick<PortWish, 'part' | 'flag' | 'host'>,
  port: number,
  cause: unknown,
): ClusterError =>
  errorCode(cause) === 'EADDRINUSE'
    ? new ClusterError(
        'conflict',
        `Port ${port} of ${host}, wanted by ${part}, is taken by another program`,
        {
          hint: `Stop that program, or take another port with ${flag} PORT (0 takes a free one)`,
          cause,
        },
      )
    : new ClusterError('failed', `${part} cannot listen on ${host}:${port}: ${errorMessage(cause)}`, {
        hint: `Take another port with ${flag} PORT (0 takes a free one)`,
        cause,
      });

/** Undefined when the port can be had right now, else the system's refusal. */
const probe = (host: string, port: number): Promise<unknown> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
