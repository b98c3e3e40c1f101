import { string } from '@oclif/core/flags';
import { optionalArgument } from '../arguments.ts';

export const repositoryFlag = string({
  description: 'The folder of the repository, or one within it; default: where you stand',
  default: '.',
  helpValue: 'FOLDER',
});

/** What of a repository is meant: a folder. */
export const pathArgument = optionalArgument(
  'A repository, or a package or revision within one; default: where you stand',
);
