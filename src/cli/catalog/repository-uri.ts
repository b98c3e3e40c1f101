import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError } from '../errors/cli-error.ts';

/** What another machine may understand: anything with a scheme, and `git@host:path`. */
const REMOTE = /^([a-z][a-z0-9+.-]*:\/\/|[\w.-]+@[\w.-]+:)/i;

/** A repository as the package service takes it: a folder as a file: URL, all else as it is. Throws CliError. */
export const repositoryUri = (given: string): string => {
  if (REMOTE.test(given) || given.startsWith('file:')) return given;
  const [path = '', reference] = given.split('#', 2);
  const folder = resolve(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CliError('not-found', `There is no folder ${folder}`, {
      hint: 'A repository is a folder, a Git URL or an HTTP URL',
    });
  }
  const { href } = pathToFileURL(folder);
  return reference === undefined ? href : `${href}#${reference}`;
};
