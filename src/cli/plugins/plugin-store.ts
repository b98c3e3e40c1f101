import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A command that a plugin brings: `plenum NAME …`. */
export interface PluginCommand {
  readonly name: string;
  /** The program, below the plugin's folder `env`. */
  readonly path: string;
  readonly description: string;
}

/** An installed plugin of one cluster. */
export interface Plugin {
  readonly name: string;
  /** Holds `env`, with what the plugin brought, and `plugin.json`, by which it is found again. */
  readonly folder: string;
  readonly commands: readonly PluginCommand[];
  /** Of a plugin that came with a package: what the package was. */
  readonly package?: {
    readonly version: string;
    readonly description: string;
    readonly selected: boolean;
  };
}

export const PLUGIN_FILE = 'plugin.json';
export const PROGRAMS_FOLDER = 'env';
/** Plugins and their commands get names of files and words of a command line. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const isPluginName = (name: string): boolean => NAME.test(name);

/** Where the plugins of a cluster are: each cluster has its own, as versions of services differ. */
export const pluginsFolder = (home: string, cluster: string): string =>
  join(home, 'plugins', encodeURIComponent(cluster).replace(/^\.+/, '_'));

/** All plugins of a cluster by their names; what cannot be read as one is none. */
export const installedPlugins = (home: string, cluster: string): readonly Plugin[] => {
  const root = pluginsFolder(home, cluster);
  return namesIn(root)
    .filter(isPluginName)
    .sort()
    .flatMap((name) => findPlugin(home, cluster, name) ?? []);
};

export const findPlugin = (home: string, cluster: string, name: string): Plugin | undefined => {
  if (!isPluginName(name)) return undefined;
  const folder = join(pluginsFolder(home, cluster), name);
  try {
    const value = JSON.parse(readFileSync(join(folder, PLUGIN_FILE), 'utf8')) as Partial<Plugin>;
    const commands = (value.commands ?? []).filter(isCommand);
    return { name, folder, commands, ...(value.package ? { package: value.package } : {}) };
  } catch {
    return undefined;
  }
};

/** False when there is none. */
export const removePlugin = (home: string, cluster: string, name: string): boolean => {
  if (findPlugin(home, cluster, name) === undefined) return false;
  rmSync(join(pluginsFolder(home, cluster), name), { recursive: true, force: true });
  return true;
};

/** A folder of its own for something that is being installed, on the same disk as what it becomes. */
export const stagingFolder = (home: string, cluster: string): string => {
  const root = pluginsFolder(home, cluster);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  return mkdtempSync(join(root, '.new-'));
};

/** The program of a command. */
export const programOf = ({ folder }: Plugin, { path }: PluginCommand): string =>
  join(folder, PROGRAMS_FOLDER, path);

const isCommand = (value: unknown): value is PluginCommand => {
  const { name, path, description } = (value ?? {}) as Partial<PluginCommand>;
  return (
    typeof name === 'string' &&
    isPluginName(name) &&
    typeof path === 'string' &&
    typeof description === 'string'
  );
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
