import type { UniversePackage } from '../../../schemas/generated/universe-package.ts';
import type { UniverseResource } from '../../../schemas/generated/universe-resource.ts';
import type { JsonObject } from '../json/json.ts';

export type PackagingVersion = UniversePackage['packagingVersion'];

/** One release of a package with all that belongs to it: the "built package" of the reference (1.8). */
export interface PackageDefinition extends UniversePackage {
  /** Number of the revision; orders the releases of a package. */
  readonly releaseVersion: number;
  /** Without it nothing is started on the cluster. */
  readonly marathon?: { readonly v2AppMustacheTemplate: string };
  readonly resource?: UniverseResource;
  /** A JSON Schema of the options. */
  readonly config?: JsonObject;
  /** Lines of a pip requirements file; packaging 2.0 and 3.0 only. */
  readonly command?: { readonly pip: readonly string[] };
}

/** What lists of packages and choices between them need to know. */
export type PackageSummary = Pick<
  PackageDefinition,
  | 'packagingVersion'
  | 'name'
  | 'version'
  | 'releaseVersion'
  | 'description'
  | 'tags'
  | 'framework'
  | 'selected'
  | 'upgradesFrom'
> & { readonly images?: UniverseResource['images'] };

/** The template's text. */
export const templateText = (definition: PackageDefinition): string | undefined => {
  const encoded = definition.marathon?.v2AppMustacheTemplate;
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
};
