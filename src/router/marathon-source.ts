import type { Connection } from '../clients/connection.ts';
import { createMarathonClient, type MarathonClient } from '../clients/marathon-client.ts';
import { type Clock, pause } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import type { ShownApp } from './marathon-app.ts';

/** What Marathon runs, from the first of several Marathons that answers. */
export interface MarathonSource {
  /** All apps with their tasks. Rejects when no Marathon answers. */
  apps(): Promise<ShownApp[]>;
  /** Calls `onChange` whenever something may have changed, until it is closed. Lost streams are opened again. */
  follow(onChange: () => void): void;
  close(): void;
}

/** Those that change what is routed whereto (marathon.md 4.1). */
const EVENTS = ['api_post_event', 'health_status_changed_event', 'status_update_event'];
const READ_MS = 46_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export const createMarathonSource = ({
  connections,
  clock,
  log,
}: {
  readonly connections: readonly Omit<Connection, 'signal' | 'timeoutMs'>[];
  readonly clock: Clock;
  readonly log: Log;
}): MarathonSource => {
  const closing = new AbortController();
  const clients = connections.map((connection) =>
    createMarathonClient({ ...connection, timeoutMs: READ_MS, signal: closing.signal }),
  );
  let preferred = 0;

  const current = (): MarathonClient => {
    const client = clients[preferred % clients.length];
    if (client === undefined) throw new Error('No Marathon is named');
    return client;
  };

  const readApps = async (): Promise<ShownApp[]> => {
    let failure: unknown;
    for (const _client of clients) {
      try {
        return (await current().getApps({ embed: ['apps.tasks'] })) as ShownApp[];
      } catch (error) {
        failure = error;
        preferred += 1;
      }
    }
    throw failure;
  };

  const followOnce = async (onChange: () => void): Promise<void> => {
    for await (const _event of current().events(EVENTS)) onChange();
    log.info({}, "marathon's events have ended");
  };

  const followForEver = async (onChange: () => void): Promise<void> => {
    for (
      let pauseMs = FIRST_PAUSE_MS;
      !closing.signal.aborted;
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
    ) {
      const openedAtMs = clock.now();
      try {
        await followOnce(onChange);
      } catch (error) {
        if (closing.signal.aborted) return;
        log.warn({ error: errorMessage(error) }, "marathon's events cannot be read");
        preferred += 1;
      }
      // One that lasted was no failure.
      if (clock.now() - openedAtMs > LONGEST_PAUSE_MS) pauseMs = FIRST_PAUSE_MS;
      // What happened meanwhile was not told.
      onChange();
      await pause(clock, pauseMs);
    }
  };

  return {
    apps: readApps,
    follow: (onChange) => {
      void followForEver(onChange);
    },
    close: () => closing.abort(new Error('The router ends')),
  };
};
