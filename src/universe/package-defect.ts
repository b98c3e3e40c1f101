import { nearestName } from './options/nearest-name.ts';

/**
 * A package's own files are wrong (schema, template, metadata), as opposed to what its user asked for. The message is a
 * sentence that says what and where.
 */
export class PackageDefect extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'PackageDefect';
  }
}

/** A repository has no package of a name; of the names that it has, the one that was probably meant is told. */
export const noSuchPackage = (name: string, known: readonly string[]): PackageDefect => {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return new PackageDefect(`There is no package ${name} in the repository${hint}`);
};
