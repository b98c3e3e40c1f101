import type { HttpServer } from '../http/server.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { openHaproxy } from './haproxy.ts';
import type { ListenSettings } from './listen-settings.ts';
import { createMarathonSource } from './marathon-source.ts';
import type { RoutingRules } from './plan-routes.ts';
import { whyPortIsTaken } from './port-in-use.ts';
import { type RouterStatus, startRoutingLoop } from './routing-loop.ts';
import { startStatusServer } from './status-server.ts';

export interface RouterOptions {
  /** Tried in turn. */
  readonly marathons: readonly { readonly url: string; readonly token?: string | undefined }[];
  readonly rules: Omit<RoutingRules, 'reservedPorts'>;
  readonly listen: ListenSettings;
  /** Where the page about the router is; port 0 takes a free one. */
  readonly status: { readonly host: string; readonly port: number; readonly hostnames: readonly string[] };
  /** Name or path of HAProxy. */
  readonly executable: string;
  /** For sockets and the configuration; a short path, for its owner alone. */
  readonly folder: string;
  readonly readEveryMs: number;
  readonly reloadEveryMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with the reason when HAProxy ends by itself. */
  readonly onEnded: (reason: string) => void;
}

export interface RunningRouter {
  /** Of the page about the router. */
  readonly url: string;
  readonly status: () => RouterStatus;
  close(): Promise<void>;
}

/** Starts HAProxy, its status page and the loop that keeps it in step with Marathon. Serves at once, whether or not Marathon does. */
export const startRouter = async (options: RouterOptions): Promise<RunningRouter> => {
  const { marathons, listen, status, clock, log } = options;
  const reservedPorts = new Set([listen.httpPort, listen.httpsPort, status.port, listen.appIdPort ?? 0]);
  await demandFreePorts(listen);
  const haproxy = await openHaproxy(options);
  const marathon = createMarathonSource({ connections: marathons, clock, log });
  try {
    const loop = await startRoutingLoop({
      ...options,
      rules: { ...options.rules, reservedPorts },
      haproxy,
      marathon,
    });
    const server: HttpServer = await startStatusServer({ ...status, haproxy, loop, log });
    return {
      url: server.url,
      status: () => loop.status,
      close: async () => {
        loop.close();
        await server.close();
        await haproxy.close();
      },
    };
  } catch (error) {
    marathon.close();
    await haproxy.close();
    throw error;
  }
};

/** HAProxy would only say that it cannot start. */
const demandFreePorts = async ({
  bindAddress,
  httpPort,
  httpsPort,
  appIdPort,
  certificates,
}: ListenSettings): Promise<void> => {
  const ports = new Map([['--http-port', httpPort]]);
  if (certificates.length > 0) ports.set('--https-port', httpsPort);
  if (appIdPort !== undefined) ports.set('--app-id-port', appIdPort);
  for (const [flag, port] of ports) {
    const reason = await whyPortIsTaken(port, bindAddress);
    if (reason === undefined) continue;
    throw new Error(
      `The router cannot listen at port ${port} (${reason}): free it, or choose another one by ${flag}`,
    );
  }
};
