import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError } from '../errors/cli-error.ts';

/** What another machine may understand: anything with a scheme, and `git@host:path`. */
const REMOTE = /^([a-z][a-z0-9+.-]*:\/\/|[\w.-]+@[\w.-]+:)/i;

/** A repository as the package service takes it: a folder or the file of a built one as a file: URL, all else as it is. Throws CliError. */
export const repositoryUri = (given: string): string => {
  if (REMOTE.test(given) || given.startsWith('file:')) return given;
  const [path = '', reference] = given.split('#', 2);
  const folder = resolve(path);
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats?.isDirectory() && !(stats?.isFile() && folder.endsWith('.json'))) {
    throw new CliError('not-found', `There is no folder ${folder}`, {
      hint: 'A repository is a folder, the .json file of a built one, a Git URL or an HTTP URL',
    });
  }
  const { href } = pathToFileURL(folder);
  return reference === undefined ? href : `${href}#${reference}`;
};
