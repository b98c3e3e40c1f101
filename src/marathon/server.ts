import { userInfo } from 'node:os';
import { Router } from '../http/router.ts';
import { startServer } from '../http/server.ts';
import type { ServerAccess } from '../http/server-access.ts';
import type { Clock } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { connectScheduler } from '../sdk/connect-scheduler.ts';
import type { Store } from '../store/store.ts';
import { renderMarathonError } from './api/render-error.ts';
import { addMarathonRoutes } from './api/routes.ts';
import { DEFAULT_SETTINGS, type MarathonSettings } from './core/settings.ts';
import type { MarathonFlags } from './marathon-flags.ts';
import { countingLine } from './mesos-counters.ts';
import { runEngine } from './run-engine.ts';
import { withSecrets } from './secrets/resolve-secrets.ts';
import { fileSecretStore } from './secrets/secret-store.ts';
import { type ServiceSecrets, withServiceSecrets } from './service-secrets.ts';

export interface MarathonOptions {
  /** One or more masters; redirects to the leader are followed. */
  masterUrls: readonly string[];
  /** Address to listen on; the loopback one unless told otherwise. */
  host?: string;
  /** 0 takes a free port. */
  port?: number;
  /** Names other than this machine's own under which requests may come. */
  hostnames?: readonly string[];
  /** TLS and authentication; default: neither. */
  access?: ServerAccess | undefined;
  store: Store;
  clock: Clock;
  random: Random;
  log: Log;
  version: string;
  /** Where the secrets of apps are kept, in files of their own; default: there are none. */
  secretsFolder?: string;
  /** Marathon's own flags, by name; default: none is given. */
  flags?: MarathonFlags;
  /** Where the master demands that frameworks log in. */
  credential?: { principal: string; secret: string };
  /** What schedulers of services need where the master asks who they are; default: nothing. */
  serviceSecrets?: ServiceSecrets | undefined;
}

export interface RunningMarathon {
  /** Such as http://127.0.0.1:8080, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Resolves with the reason when it cannot go on: the master refuses it, or its state cannot be written. */
  readonly ended: Promise<string>;
  /** Tasks go on; whoever starts with the same store takes them over. */
  close(): Promise<void>;
}

/**
 * Starts Marathon: takes over what an earlier life left in the store, serves the API, and resolves once the master has
 * taken it as a framework. Rejects, and leaves nothing behind, when the port cannot be had or the master refuses it.
 */
export const startMarathon = async (options: MarathonOptions): Promise<RunningMarathon> => {
  const { clock, random, log, store, masterUrls, credential, serviceSecrets } = options;
  const router = new Router({ mergesSlashes: true });
  const server = await startServer({
    router,
    log,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    hostnames: options.hostnames ?? [],
    access: options.access,
    renderError: renderMarathonError,
  });
  const settings = settingsOf(options, server.url);
  const { secretsFolder } = options;
  const secrets = secretsFolder === undefined ? undefined : fileSecretStore(secretsFolder);
  const counters = new Map<string, number>();
  const { engine, subscribed, ended, close } = runEngine({
    settings,
    facts: { version: options.version, url: server.url, leader: new URL(server.url).host, masterUrls },
    store,
    clock,
    random,
    log,
    connect: (line) => {
      const login = credential ? { credential } : {};
      const open = (counted: typeof line) =>
        connectScheduler({ ...counted, masterUrls, clock, random, log, ...login });
      const connection = countingLine(counters, open, line);
      const resolving = secrets ? withSecrets(connection, secrets) : connection;
      return serviceSecrets ? withServiceSecrets(resolving, serviceSecrets) : resolving;
    },
  });
  addMarathonRoutes(router, {
    engine,
    clock,
    secrets,
    counters,
    config: settings,
    settings: { ...options.flags?.definitions, mesosRole: settings.mesosRole },
  });
  const closeAll = async (): Promise<void> => {
    await close();
    await server.close();
  };
  try {
    await Promise.race([
      subscribed,
      ended.then((reason) => {
        throw new Error(reason);
      }),
    ]);
  } catch (error) {
    log.error({ error: errorMessage(error) }, 'cannot start');
    await closeAll();
    throw error;
  }
  return { url: server.url, port: server.port, ended, close: closeAll };
};

const settingsOf = (options: MarathonOptions, url: string): MarathonSettings => ({
  ...DEFAULT_SETTINGS,
  user: userInfo().username,
  hostname: new URL(url).hostname,
  webuiUrl: url,
  usesGpus: options.flags?.definitions.features?.has('gpu_resources') ?? false,
  ...(options.credential === undefined ? {} : { principal: options.credential.principal }),
  ...options.flags?.settings,
});
