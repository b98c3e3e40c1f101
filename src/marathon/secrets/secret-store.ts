import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../runtime/error-message.ts';
import { readSecretFile, writeSecretFile } from '../../security/secret-file.ts';

/** Where the secrets of apps are kept, by their paths: `db/password`. */
export interface SecretStore {
  /** Undefined when there is none. */
  get(path: string): string | undefined;
  /** Durable when it returns. Throws SecretStoreFull. */
  put(path: string, value: string): void;
  /** False when there was none. */
  remove(path: string): boolean;
  /** All paths in order. */
  paths(): string[];
}

/** There are as many secrets as can be. */
export class SecretStoreFull extends Error {
  override readonly name = 'SecretStoreFull';

  constructor() {
    super(`There are ${MOST_SECRETS} secrets already, which is all that are kept`);
  }
}

const MOST_SECRETS = 10_000;
const PATH = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
/** A path is a file's name, in which each slash takes three characters. */
const LONGEST_PATH = 80;

/** Whether a text can be the path of a secret: segments of letters, digits, dots, dashes and underscores. */
export const isSecretPath = (path: string): boolean => path.length <= LONGEST_PATH && PATH.test(path);

/** The path without the slash that some write before it. */
export const secretPathOf = (text: string): string => text.replace(/^\/+/, '');

/** Secrets in files that only their owner can read, one each. */
export const fileSecretStore = (folder: string): SecretStore => {
  const fileOf = (path: string): string => join(folder, encodeURIComponent(path));
  const paths = (): string[] =>
    namesIn(folder)
      .filter((name) => !name.endsWith('.tmp'))
      .map(decodeURIComponent)
      .filter(isSecretPath)
      .sort();
  return {
    paths,
    get: (path) => {
      if (!isSecretPath(path)) return undefined;
      const names = namesIn(folder);
      return names.includes(encodeURIComponent(path)) ? readSecretFile(fileOf(path)) : undefined;
    },
    put: (path, value) => {
      const known = paths();
      if (known.length >= MOST_SECRETS && !known.includes(path)) throw new SecretStoreFull();
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeSecretFile(fileOf(path), value);
    },
    remove: (path) => {
      if (!isSecretPath(path) || !namesIn(folder).includes(encodeURIComponent(path))) return false;
      rmSync(fileOf(path), { force: true });
      return true;
    },
  };
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
};
