import type { HttpError } from '../../http/http-error.ts';
import { cosmosError } from '../api/cosmos-error.ts';

/** The package manager that a package needs is not there (reference 2.12). */
export const managerNotFound = (managerId: string): HttpError =>
  cosmosError('CustomPackageManagerNotFound', `The package manager [${managerId}] is not installed`, {
    data: { managerId },
  });
