import { Router } from '../http/router.ts';
import { startServer } from '../http/server.ts';
import type { ServerAccess } from '../http/server-access.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { connectScheduler } from '../sdk/connect-scheduler.ts';
import type { Store } from '../store/store.ts';
import { renderJobsError } from './api/errors.ts';
import { addJobRoutes } from './api/routes.ts';
import { runEngine } from './run-engine.ts';

export interface JobsOptions {
  /** One or more masters; redirects to the leader are followed. */
  readonly masterUrls: readonly string[];
  /** Address to listen on; the loopback one unless told otherwise. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** Names other than this machine's own under which requests may come. */
  readonly hostnames?: readonly string[];
  /** TLS and authentication; default: neither. */
  readonly access?: ServerAccess | undefined;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly version: string;
  /** Where the master demands that frameworks log in. */
  readonly credential?: { readonly principal: string; readonly secret: string };
}

export interface RunningJobs {
  /** Such as http://127.0.0.1:9000, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Resolves with the reason when it cannot go on: the master refuses it, or its state cannot be written. */
  readonly ended: Promise<string>;
  /** Tasks go on; whoever starts with the same store takes them over. */
  close(): Promise<void>;
}

/** Starts the job service; it serves at once, and runs jobs from when the master has taken it as a framework. */
export const startJobs = async (options: JobsOptions): Promise<RunningJobs> => {
  const { masterUrls, store, clock, random, log, version, credential } = options;
  const router = new Router();
  const server = await startServer({
    router,
    log,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    hostnames: options.hostnames ?? [],
    access: options.access,
    renderError: renderJobsError,
  });
  const login = credential ? { credential } : {};
  const { engine, ended, close } = runEngine({
    store,
    clock,
    random,
    log,
    url: server.url,
    principal: credential?.principal,
    connect: (line) => connectScheduler({ ...line, masterUrls, clock, random, log, ...login }),
  });
  addJobRoutes(router, { engine, now: () => clock.now(), version });
  return {
    url: server.url,
    port: server.port,
    ended,
    close: async () => {
      await close();
      await server.close();
    },
  };
};
