import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, errorMessage } from '../../runtime/error-message.ts';
import { CliError } from '../errors/cli-error.ts';
import { pluginsFolder } from '../plugins/plugin-store.ts';

/** A cluster elsewhere, made known by `plenum cluster setup`. */
export interface KnownCluster {
  readonly name: string;
  /** Where its paths begin, as a DC/OS cluster has them. */
  readonly url: string;
  /** What the cluster calls itself; a version 4 UUID where there is one. */
  readonly id?: string;
  readonly token?: string;
  /** A certificate authority to trust, in PEM. */
  readonly ca?: string;
  /** Nobody's certificate is checked. */
  readonly isInsecure?: boolean;
  /** Where the APIs are, when not below the URL. */
  readonly mesosUrl?: string;
  readonly marathonUrl?: string;
  readonly packagesUrl?: string;
  readonly jobsUrl?: string;
  /** What else is kept by `plenum config set`, by its keys. */
  readonly settings?: Readonly<Record<string, string>>;
}

const NAME_PATTERN = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
/** They hold tokens. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

const folderOf = (home: string): string => join(home, 'clusters');
const attachedFile = (home: string): string => join(home, 'attached');

/** Where a cluster is kept. */
export const knownClusterFile = (home: string, name: string): string => join(folderOf(home), `${name}.json`);

/** Throws CliError for what cannot name a cluster. */
export const checkClusterName = (name: string): void => {
  if (NAME_PATTERN.test(name)) return;
  throw new CliError('usage', `"${name}" cannot name a cluster`, {
    hint: 'Use up to 63 letters, digits, dots, dashes and underscores, beginning and ending with a letter or digit',
  });
};

/** In the order of their names. */
export const knownClusters = (home: string): KnownCluster[] =>
  fileNames(folderOf(home))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .filter((name) => NAME_PATTERN.test(name))
    .sort()
    .flatMap((name) => findKnownCluster(home, name) ?? []);

/** Throws CliError when its file is damaged. */
export const findKnownCluster = (home: string, name: string): KnownCluster | undefined => {
  if (!NAME_PATTERN.test(name)) return undefined;
  const file = knownClusterFile(home, name);
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (!isKnownCluster(value)) {
    throw new CliError('failed', `What is known of cluster ${name} is damaged: ${file}`, {
      hint: `Forget it with plenum cluster remove ${name}, and set it up again`,
    });
  }
  return { ...value, name };
};

export const saveKnownCluster = (home: string, cluster: KnownCluster): void => {
  checkClusterName(cluster.name);
  mkdirSync(folderOf(home), { recursive: true, mode: FOLDER_MODE });
  writeWhole(knownClusterFile(home, cluster.name), `${JSON.stringify(cluster, undefined, 2)}\n`);
};

/** With its plugins. False when there is none of that name. */
export const forgetKnownCluster = (home: string, name: string): boolean => {
  if (!NAME_PATTERN.test(name)) return false;
  try {
    rmSync(knownClusterFile(home, name));
    rmSync(pluginsFolder(home, name), { recursive: true, force: true });
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
};

/** Name of the cluster that commands mean when nothing else is said. */
export const attachedName = (home: string): string | undefined => {
  const name = readIfThere(attachedFile(home))?.trim();
  return name === '' ? undefined : name;
};

export const attach = (home: string, name: string): void => {
  mkdirSync(home, { recursive: true, mode: FOLDER_MODE });
  writeWhole(attachedFile(home), `${name}\n`);
};

/** Takes the mark off a cluster that has it. */
export const detach = (home: string, name: string): void => {
  if (attachedName(home) === name) rmSync(attachedFile(home), { force: true });
};

/** Whoever reads at the same time sees the old or the new, never a half. */
const writeWhole = (file: string, text: string): void => {
  const temporary = `${file}.${process.pid}`;
  try {
    writeFileSync(temporary, text, { mode: FILE_MODE });
    renameSync(temporary, file);
  } catch (error) {
    throw new CliError('failed', `${file} cannot be written: ${errorMessage(error)}`, { cause: error });
  }
};

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
};

const fileNames = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isKnownCluster = (value: unknown): value is KnownCluster => {
  if (typeof value !== 'object' || value === null) return false;
  const { url, id, token, ca, mesosUrl, marathonUrl, packagesUrl, jobsUrl, settings } = value as Record<
    string,
    unknown
  >;
  const optional = [id, token, ca, mesosUrl, marathonUrl, packagesUrl, jobsUrl];
  if (typeof url !== 'string' || !optional.every((text) => text === undefined || typeof text === 'string')) {
    return false;
  }
  if (settings === undefined) return true;
  const isMap = typeof settings === 'object' && settings !== null;
  return isMap && Object.values(settings).every((text) => typeof text === 'string');
};
