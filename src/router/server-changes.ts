import { renderServer, serverNameOf } from './render-service.ts';
import type { Route, Server } from './route.ts';

/** Names of the servers that the running HAProxy has, by route; also those that are out of use and cannot go yet. */
export type KnownServers = ReadonlyMap<string, ReadonlySet<string>>;

/** A command to HAProxy's statistics socket, and what it says when it has done it (management guide, 9.3). */
export interface ServerCommand {
  readonly command: string;
  readonly isDone: (answer: string) => boolean;
  /** It may fail without harm: a server that still has connections stays, and is out of use. */
  readonly isOptional?: boolean;
}

/**
 * The commands that turn the servers of one set of routes into those of another, or undefined when only a new configuration
 * can do that. Where it can be done it is the better way: nobody is left to an old process that knows the old servers only.
 */
export const serverChanges = (
  before: readonly Route[],
  after: readonly Route[],
  known: KnownServers,
): ServerCommand[] | undefined => {
  const commands: ServerCommand[] = [];
  const old = new Map(before.map((route) => [route.name, route]));
  for (const route of after) {
    const changes = changesOf(old.get(route.name), route, known.get(route.name) ?? new Set());
    if (changes === undefined) return undefined;
    commands.push(...changes);
  }
  return commands;
};

const changesOf = (
  before: Route | undefined,
  after: Route,
  known: ReadonlySet<string>,
): ServerCommand[] | undefined => {
  const old = new Map((before?.servers ?? []).map((server) => [serverNameOf(server), server]));
  // Those that enter come first: between two commands there must be somebody to answer.
  const entering: ServerCommand[] = [];
  const leaving: ServerCommand[] = [];
  for (const server of after.servers) {
    const name = serverNameOf(server);
    const path = `${after.name}/${name}`;
    const was = old.get(name);
    old.delete(name);
    if (was !== undefined && renderServer(after, was) === renderServer(after, server)) continue;
    if (!known.has(name)) {
      const added = addition(after, server);
      // A cookie cannot be given to a server that is added.
      if (added === undefined || after.labels.isSticky) return undefined;
      entering.push(
        added,
        ...(after.check ? [silently(`enable health ${path}`)] : []),
        silently(`enable server ${path}`),
      );
    } else {
      if (was !== undefined && was.checkPort !== server.checkPort) return undefined;
      (server.isDraining ? leaving : entering).push(
        silently(`set weight ${path} ${server.isDraining ? 0 : 1}`),
        silently(`enable server ${path}`),
      );
    }
  }
  for (const name of old.keys()) {
    const path = `${after.name}/${name}`;
    leaving.push(silently(`disable server ${path}`), {
      command: `del server ${path}`,
      isDone: (answer) => /deleted/i.test(answer),
      isOptional: true,
    });
  }
  return [...entering, ...leaving];
};

const addition = (route: Route, server: Server): ServerCommand | undefined => {
  const name = serverNameOf(server);
  const options = new RegExp(`^ *server ${name} (.+)\\n$`).exec(renderServer(route, server))?.[1];
  if (options === undefined) return undefined;
  return {
    command: `add server ${route.name}/${name} ${options}`,
    isDone: (answer) => /registered/i.test(answer),
  };
};

/** HAProxy says nothing when it has done what it was told. */
const silently = (command: string): ServerCommand => ({ command, isDone: (answer) => answer.trim() === '' });
