/** What the package service answers with (universe.md 2.3–2.14), as far as clients look into it. */

export interface FoundPackage {
  readonly name: string;
  readonly currentVersion: string;
  /** Release versions by version. */
  readonly versions: Readonly<Record<string, number>>;
  readonly description: string;
  readonly framework: boolean;
  readonly tags: readonly string[];
  readonly selected?: boolean;
}

export interface PackageDefinition {
  readonly name: string;
  readonly version: string;
  readonly releaseVersion?: number;
  readonly description: string;
  readonly maintainer?: string;
  readonly framework?: boolean;
  readonly selected?: boolean;
  readonly preInstallNotes?: string;
  readonly postInstallNotes?: string;
  readonly postUninstallNotes?: string;
  /** JSON Schema of its options. */
  readonly config?: object;
  /** The template in base64. */
  readonly marathon?: { readonly v2AppMustacheTemplate: string };
  readonly resource?: { readonly cli?: object };
  /** Of older packages, in place of resource.cli. */
  readonly command?: object;
}

export interface InstalledPackage {
  readonly appId: string;
  readonly packageInformation: {
    readonly packageDefinition: PackageDefinition;
    readonly [field: string]: unknown;
  };
}

export interface InstallResult {
  readonly packageName: string;
  readonly packageVersion: string;
  readonly appId?: string;
  readonly postInstallNotes?: string;
}

export interface UninstalledPackage {
  readonly packageName: string;
  readonly appId: string;
  readonly packageVersion?: string;
  readonly postUninstallNotes?: string;
  /** How far it is; only Plenum's own service tells. */
  readonly uninstall?: UninstallProgress;
}

export interface UninstallProgress {
  readonly id: string;
  readonly state: 'UNDER_WAY' | 'DONE' | 'FAILED';
  /** STOPPING_APP, TEARING_DOWN, FREEING_RESOURCES; missing when it is done. */
  readonly phase?: string;
  readonly problem?: string;
}

export interface PackageRepository {
  readonly name: string;
  readonly uri: string;
  readonly [field: string]: unknown;
}
