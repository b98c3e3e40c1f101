import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Clock } from '../runtime/clock.ts';
import type { Route, RouteProblem } from './route.ts';

const REMEMBERED_MS = 60_000;

const MOST_NAMES = 10_000;

export interface HostResolver {
  /** Routes whose servers are addresses; those whose name nobody knows are left out, and said. */
  resolve(routes: readonly Route[]): Promise<{ routes: Route[]; problems: RouteProblem[] }>;
}

/** HAProxy refuses a configuration with a name that it cannot look up, so names become addresses before. */
export const createHostResolver = (clock: Clock): HostResolver => {
  const known = new Map<string, { address: string | undefined; untilMs: number }>();
  const addressOf = async (host: string): Promise<string | undefined> => {
    if (isIP(host) !== 0) return host;
    const remembered = known.get(host);
    if (remembered !== undefined && clock.now() < remembered.untilMs) return remembered.address;
    const address = await lookUp(host);
    if (known.size >= MOST_NAMES) known.clear();
    known.set(host, { address, untilMs: clock.now() + REMEMBERED_MS });
    return address;
  };
  return {
    resolve: async (routes) => {
      const hosts = new Set(routes.flatMap(({ servers }) => servers.map(({ host }) => host)));
      const addresses = new Map<string, string | undefined>();
      for (const host of hosts) addresses.set(host, await addressOf(host));
      const problems: RouteProblem[] = [];
      const resolved = routes.map((route) => ({
        ...route,
        servers: route.servers.flatMap((server) => {
          const address = addresses.get(server.host);
          if (address !== undefined) return [{ ...server, host: address }];
          problems.push({
            appId: route.appId,
            message: `the host ${server.host} of ${server.taskId} is unknown`,
          });
          return [];
        }),
      }));
      return { routes: resolved, problems };
    },
  };
};

const lookUp = async (host: string): Promise<string | undefined> => {
  try {
    return (await lookup(host)).address;
  } catch {
    return undefined;
  }
};
