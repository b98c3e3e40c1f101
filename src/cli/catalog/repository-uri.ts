import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError } from '../errors/cli-error.ts';

/** What another machine may understand: anything with a scheme, and `git@host:path`. */
const REMOTE = /^([a-z][a-z0-9+.-]*:\/\/|[\w.-]+@[\w.-]+:)/i;

/** Built repositories and archives of folders; the service looks into them. */
const FILE = /\.(json|zip|tar|tgz|gz)$/i;

/** A repository as the package service takes it: a folder or a file as a file: URL, all else as it is. Throws CliError. */
export const repositoryUri = (given: string): string => {
  if (REMOTE.test(given) || given.startsWith('file:')) return given;
  const [path = '', reference] = given.split('#', 2);
  const folder = resolve(path);
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats?.isDirectory() && !(stats?.isFile() && FILE.test(folder))) {
    throw new CliError('not-found', `There is no repository at ${folder}`, {
      hint: 'A repository is a folder, a .json, .zip or .tar.gz file, a Git URL, an HTTP URL or oci://host/name:tag',
    });
  }
  const { href } = pathToFileURL(folder);
  return reference === undefined ? href : `${href}#${reference}`;
};
