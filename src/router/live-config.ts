import type { Haproxy } from './haproxy.ts';
import { renderConfig, renderFrame } from './haproxy-config.ts';
import type { ListenSettings } from './listen-settings.ts';
import { serverNameOf } from './render-service.ts';
import type { Route } from './route.ts';
import { type ServerCommand, serverChanges } from './server-changes.ts';
import type { UsableConfig } from './usable-routes.ts';

/** How a configuration got into HAProxy. */
export type ConfigChange = 'none' | 'servers' | 'reload';

export interface LiveConfig {
  /** Brings HAProxy to a configuration that it can use, by single servers where that is enough. */
  bring(next: UsableConfig): Promise<ConfigChange>;
}

/** What HAProxy runs by at the moment, beginning with the configuration that it was started with: no routes. */
export const createLiveConfig = (haproxy: Haproxy, settings: ListenSettings): LiveConfig => {
  let routes: readonly Route[] = [];
  let config = renderConfig([], settings);
  let known = new Map<string, Set<string>>();

  /** False when HAProxy did not do as it was told; a reload then puts all in order. */
  const changeServers = async (commands: readonly ServerCommand[]): Promise<boolean> => {
    for (const { command, isDone, isOptional } of commands) {
      const done = isDone(await haproxy.ask(command));
      if (!done && !isOptional) return false;
      if (done) note(command);
    }
    return true;
  };

  const note = (command: string): void => {
    const [, action, route = '', server = ''] = /^(add|del) server ([^/ ]+)\/(\S+)/.exec(command) ?? [];
    if (action === 'add') known.set(route, (known.get(route) ?? new Set()).add(server));
    else if (action === 'del') known.get(route)?.delete(server);
  };

  const changeInPlace = async (next: UsableConfig): Promise<boolean> => {
    if (renderFrame(routes, settings) !== renderFrame(next.routes, settings)) return false;
    const commands = serverChanges(routes, next.routes, known);
    if (commands === undefined || !(await changeServers(commands))) return false;
    await haproxy.keep(next.config);
    return true;
  };

  return {
    bring: async (next) => {
      if (next.config === config) return 'none';
      const isInPlace = await changeInPlace(next);
      if (!isInPlace) {
        await haproxy.apply(next.config);
        known = new Map(next.routes.map(({ name, servers }) => [name, new Set(servers.map(serverNameOf))]));
      }
      ({ routes, config } = next);
      return isInPlace ? 'servers' : 'reload';
    },
  };
};
