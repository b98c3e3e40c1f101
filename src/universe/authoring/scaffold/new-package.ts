import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PackageDefect } from '../../package-defect.ts';
import type { FoundRepository } from '../find-repository.ts';
import { runPackageTests } from '../testing/run-package-tests.ts';
import { type Author, packageFiles } from './package-files.ts';
import { writeNewFolder } from './write-new-files.ts';

const NAME = /^[a-z][a-z0-9-]*[a-z0-9]$/;
const LONGEST_NAME = 63;

/**
 * Makes a package with one revision, 0, in a repository, its expectations kept. Gives its folder. Throws PackageDefect for
 * a name that cannot be one, RepositoryError when the package is there already.
 */
export const newPackage = async (
  repository: FoundRepository,
  name: string,
  author: Author,
): Promise<string> => {
  if (!NAME.test(name) || name.length > LONGEST_NAME) {
    throw new PackageDefect(
      `${name} is no name of a package: lower-case letters, digits and hyphens, at least two and at most ${LONGEST_NAME}, with a letter first`,
    );
  }
  const folder = join(name.charAt(0).toUpperCase(), name);
  const earlier = await readdir(join(repository.packages, folder)).catch(() => []);
  if (earlier.length > 0) throw new PackageDefect(`The package ${name} is there already: ${folder}`);
  const revision = join(repository.packages, folder, '0');
  await writeNewFolder(revision, packageFiles(name, author));
  await runPackageTests({ ...repository, within: `${folder}/0` }, { isUpdate: true });
  return revision;
};
