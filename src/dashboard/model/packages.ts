import type { JsonObject } from '../../universe/json/json.ts';

/** What the package service answers (universe.md 2.3–2.14), as far as the dashboard shows it. */

export interface FoundPackage {
  readonly name: string;
  readonly currentVersion: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly selected?: boolean | null;
  readonly images?: Readonly<Record<string, unknown>> | null;
  readonly repository?: string;
}

export interface PackageDefinition {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly maintainer?: string;
  readonly website?: string;
  readonly scm?: string;
  readonly tags?: readonly string[];
  readonly licenses?: readonly { readonly name: string; readonly url: string }[];
  readonly preInstallNotes?: string;
  readonly postInstallNotes?: string;
  /** JSON Schema of its options. */
  readonly config?: JsonObject;
  readonly resource?: { readonly images?: Readonly<Record<string, unknown>> };
}

export interface InstalledPackage {
  readonly appId: string;
  readonly packageInformation: { readonly packageDefinition: PackageDefinition };
}

export interface ServiceDescription {
  readonly package: PackageDefinition;
  readonly upgradesTo: readonly string[];
  readonly downgradesTo: readonly string[];
  readonly userProvidedOptions?: JsonObject | null;
}

export interface ServicePreview {
  readonly package: PackageDefinition;
  readonly currentVersion: string;
  readonly currentOptions: JsonObject;
  readonly resolvedOptions: JsonObject;
  readonly marathonJson: object;
}

export interface ServiceHistoryEntry {
  readonly id: number;
  readonly action: string;
  readonly at: string;
  readonly packageVersion: string;
  readonly options: JsonObject;
  /** Whether the service runs so now. */
  readonly current: boolean;
}

export interface Uninstall {
  readonly packageName: string;
  readonly appId: string;
  readonly uninstall?: {
    readonly id: string;
    readonly state: 'UNDER_WAY' | 'DONE' | 'FAILED';
    readonly phase?: string;
    readonly problem?: string;
  };
}

export interface Repository {
  readonly name: string;
  readonly uri: string;
  readonly state?: string;
  readonly problem?: string | null;
  readonly packages?: number;
  readonly confirmedAt?: string | null;
  readonly packageProblems?: readonly { readonly where: string; readonly message: string }[] | null;
}

/**
 * Where an image of a package can be shown from: through the cluster, which fetches only what packages name, or out of the
 * address itself. A browser must not be led elsewhere by a package; undefined when there is no such image.
 */
export const safeImage = (
  images: Readonly<Record<string, unknown>> | null | undefined,
): string | undefined => {
  const named = images?.['icon-medium'] ?? images?.['icon-small'] ?? images?.['icon-large'];
  if (typeof named !== 'string') return undefined;
  if (/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i.test(named)) return named;
  const source = /\/package\/resource\?url=([^&]*)$/.exec(named)?.[1] ?? encodeURIComponent(named);
  return /^https?%3A%2F%2F/i.test(source) ? `/package/resource?url=${source}` : undefined;
};

/** A web address of a package that a link may lead to: others (javascript:, data:) would run what it says. */
export const safeLink = (url: string | undefined): string | undefined =>
  url !== undefined && /^https?:\/\//i.test(url) ? url : undefined;
