import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installedPlugins, isPluginName, programOf } from './plugin-store.ts';

/** A command that is a program of its own: of a plugin, or `plenum-NAME` on the PATH. */
export interface ExternalCommand {
  readonly name: string;
  readonly program: string;
  readonly description: string;
  /** Plugins are told which of their commands is meant. */
  readonly isPlugin: boolean;
}

const PREFIX = 'plenum-';
/** Programs of Plenum itself, which lie beside it. */
const OWN = new Set(['daemon']);

/** Finds a command: of the cluster's plugins, else on the PATH. */
export const findExternal = (
  name: string,
  { home, cluster, env }: { home: string; cluster: string | undefined; env: Readonly<NodeJS.ProcessEnv> },
): ExternalCommand | undefined => {
  if (!isPluginName(name) || OWN.has(name)) return undefined;
  const ofPlugins = cluster === undefined ? [] : pluginCommands(home, cluster);
  return ofPlugins.find((command) => command.name === name) ?? onPath(name, env);
};

/** All that there are, those of plugins first; of one name the first is run. */
export const listExternals = (options: {
  home: string;
  cluster: string | undefined;
  env: Readonly<NodeJS.ProcessEnv>;
}): readonly ExternalCommand[] => {
  const { home, cluster, env } = options;
  const found = new Map<string, ExternalCommand>();
  for (const command of cluster === undefined ? [] : pluginCommands(home, cluster)) {
    if (!found.has(command.name)) found.set(command.name, command);
  }
  for (const folder of pathFolders(env)) {
    for (const file of filesIn(folder)) {
      const name = file.slice(PREFIX.length);
      if (!file.startsWith(PREFIX) || found.has(name) || OWN.has(name) || !isPluginName(name)) continue;
      const program = join(folder, file);
      if (isProgram(program)) found.set(name, { name, program, description: program, isPlugin: false });
    }
  }
  return [...found.values()];
};

const pluginCommands = (home: string, cluster: string): ExternalCommand[] =>
  installedPlugins(home, cluster).flatMap((plugin) =>
    plugin.commands.map((command) => ({
      name: command.name,
      program: programOf(plugin, command),
      description: command.description,
      isPlugin: true,
    })),
  );

const onPath = (name: string, env: Readonly<NodeJS.ProcessEnv>): ExternalCommand | undefined => {
  const program = pathFolders(env)
    .map((folder) => join(folder, PREFIX + name))
    .find(isProgram);
  return program === undefined ? undefined : { name, program, description: program, isPlugin: false };
};

const pathFolders = ({ PATH = '' }: Readonly<NodeJS.ProcessEnv>): readonly string[] =>
  PATH.split(delimiter).filter((folder) => folder.startsWith('/'));

const filesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};
