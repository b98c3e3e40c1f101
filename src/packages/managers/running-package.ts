import type { RequestFields } from '../api/request-fields.ts';

/**
 * The package that a service runs as, as far as a request about the service tells. Without its version it is not looked up
 * who manages it: a service that is named by its app alone runs in Marathon.
 */
export const runningPackage = (
  fields: RequestFields,
  versionField: 'packageVersion' | 'currentPackageVersion',
): { packageName: string | undefined; packageVersion: string | undefined } => {
  const packageVersion = fields.optionalText(versionField);
  const packageName = packageVersion === undefined ? undefined : fields.optionalText('packageName');
  return { packageName, packageVersion };
};
