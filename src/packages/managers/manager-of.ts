import { findPackage } from '../../universe/catalog/catalog.ts';
import type { JsonObject } from '../../universe/json/json.ts';
import type { RequestFields } from '../api/request-fields.ts';
import type { CatalogView } from '../repositories/repository-cache.ts';

export interface ManagedPackage {
  /** Id of the manager's app. */
  readonly managerId: string;
  /** Name and version as far as they are known, for a manager that has to know them. */
  readonly filledIn: JsonObject;
}

/**
 * The package manager that a request is for (reference 2.12): the one that it names, else the one of the package and
 * version. Undefined for packages that run as apps of Marathon. Where no version is given the original does not look and
 * hands the package to Marathon; here the version that would be installed counts.
 */
export const managerOf = (
  { catalog }: CatalogView,
  fields: RequestFields,
  { packageName, packageVersion }: { packageName: string | undefined; packageVersion: string | undefined },
): ManagedPackage | undefined => {
  const named = fields.optionalText('managerId');
  if (packageName === undefined) return named === undefined ? undefined : { managerId: named, filledIn: {} };
  const found = findPackage(catalog, packageName, packageVersion);
  const definition = typeof found === 'string' ? undefined : found.packed.unpack();
  const managerId = named ?? definition?.manager?.packageName;
  if (managerId === undefined) return undefined;
  const version = packageVersion ?? definition?.version;
  return {
    managerId,
    filledIn: { packageName, ...(version === undefined ? {} : { packageVersion: version }) },
  };
};
