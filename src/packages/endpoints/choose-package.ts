import type { HttpError } from '../../http/http-error.ts';
import { type CatalogEntry, findPackage } from '../../universe/catalog/catalog.ts';
import { nearestName } from '../../universe/options/nearest-name.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { CatalogView, RepositoryStatus } from '../repositories/repository-cache.ts';

/**
 * Finds a package in what can be read now. Throws PackageNotFound or VersionNotFound, which say when the reason may be a
 * repository that cannot be read.
 */
export const choosePackage = (
  { catalog, troubled }: CatalogView,
  packageName: string,
  packageVersion?: string,
): CatalogEntry => {
  const found = findPackage(catalog, packageName, packageVersion);
  if (found === 'no-package') {
    const message = `Package [${packageName}] not found${troubleOf(troubled)}`;
    const nearest = nearestName(packageName, [...catalog.keys()]);
    throw cosmosError('PackageNotFound', message, {
      data: { packageName, ...(nearest === undefined ? {} : { nearest }) },
    });
  }
  if (found === 'no-version') {
    const message = `Version [${packageVersion}] of package [${packageName}] not found${troubleOf(troubled)}`;
    throw cosmosError('VersionNotFound', message, {
      data: { packageName, packageVersion: packageVersion ?? null },
    });
  }
  return found;
};

/** What the original answers when a package is not there at all. */
export const packageNotInstalled = (packageName: string): HttpError =>
  cosmosError('PackageNotInstalled', `Package [${packageName}] is not installed`, { data: { packageName } });

const troubleOf = (troubled: readonly RepositoryStatus[]): string =>
  troubled
    .map(({ repository: { name }, state, problem }) =>
      state === 'LOADING'
        ? `; repository [${name}] is still being read`
        : `; repository [${name}]: ${problem}`,
    )
    .join('');
