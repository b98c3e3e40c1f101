import { closeSync, writeSync } from 'node:fs';

/** Names the file descriptor on which a daemon tells whoever started it how far it is. */
export const READINESS_DESCRIPTOR = 'PLENUM_READINESS_FD';

/** What a daemon tells, one line of JSON each. After `ready` and after `failed` nothing follows. */
export type Readiness =
  /** Part of it can be reached by now; addresses are URLs by the name of the part. */
  | { type: 'listening'; addresses: Readonly<Record<string, string>> }
  | { type: 'ready'; addresses: Readonly<Record<string, string>>; agentId?: string }
  /** It could not start; `port` is the one that was refused. */
  | { type: 'failed'; message: string; code?: string; port?: number };

/** Tells the starter; without one (started by hand) nothing happens. */
export const reportReadiness = (message: Readiness): void => {
  const descriptor = Number(process.env[READINESS_DESCRIPTOR] ?? Number.NaN);
  if (!Number.isInteger(descriptor)) return;
  try {
    writeSync(descriptor, `${JSON.stringify(message)}\n`);
    if (message.type === 'listening') return;
    closeSync(descriptor);
  } catch {
    // The starter has gone; this process goes on without it.
  }
  delete process.env[READINESS_DESCRIPTOR];
};
