import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../../runtime/error-message.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A network as its configuration has it: plugins that are run one after the other, each with its own part. */
export interface CniNetwork {
  readonly name: string;
  readonly cniVersion: string;
  readonly plugins: readonly CniPluginConfig[];
}

export type CniPluginConfig = JsonObject & { readonly type: string };

const DEFAULT_VERSION = '0.3.1';
const MAX_FILES = 1_000;
const MAX_BYTES = 1024 * 1024;

/**
 * The networks that a folder configures, in files .conf, .json (one plugin) and .conflist (a chain of them). The first of
 * several files for one name counts, by the order of their names. A file that cannot be read is told in `faults` and costs
 * nobody else his network.
 */
export const readNetworks = async (folder: string): Promise<{ networks: CniNetwork[]; faults: string[] }> => {
  const names = (await readdir(folder)).filter((name) => /\.(conf|conflist|json)$/.test(name)).sort();
  const networks: CniNetwork[] = [];
  const faults: string[] = [];
  for (const name of names.slice(0, MAX_FILES)) {
    try {
      const text = await readFile(join(folder, name), 'utf8');
      if (text.length > MAX_BYTES) throw new Error('it is larger than 1 MB');
      const network = parseNetwork(text);
      if (!networks.some((known) => known.name === network.name)) networks.push(network);
    } catch (error) {
      faults.push(`${join(folder, name)}: ${errorMessage(error)}`);
    }
  }
  return { networks, faults };
};

/** Throws, for people, when the text configures no network. */
export const parseNetwork = (text: string): CniNetwork => {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error('it is no JSON object');
  const { name, cniVersion = DEFAULT_VERSION, plugins = [value] } = value;
  if (typeof name !== 'string' || name === '') throw new Error("it has no 'name'");
  if (typeof cniVersion !== 'string') throw new Error("'cniVersion' is no text");
  if (!Array.isArray(plugins) || plugins.length === 0) throw new Error("'plugins' is no list of plugins");
  return { name, cniVersion, plugins: plugins.map(asPlugin) };
};

const asPlugin = (value: unknown, index: number): CniPluginConfig => {
  if (!isObject(value)) throw new Error(`plugin ${index} is no JSON object`);
  const { type } = value;
  // A type is looked up in folders: it must not lead out of them.
  if (typeof type !== 'string' || !/^[\w.-]+$/.test(type) || type.startsWith('.')) {
    throw new Error(`plugin ${index} has no 'type' that can be the name of a program`);
  }
  return { ...value, type };
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
