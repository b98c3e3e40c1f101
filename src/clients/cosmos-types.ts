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
  readonly minDcosReleaseVersion?: string;
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

export interface PackageDescription {
  readonly package: PackageDefinition;
  /** Where it comes from, when that was asked for; only Plenum's own service tells. */
  readonly repository?: { readonly name: string; readonly uri: string; readonly commit?: string };
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

export interface ServiceDescription {
  readonly package: PackageDefinition;
  /** Versions in the repositories that may follow the one that runs. */
  readonly upgradesTo: readonly string[];
  readonly downgradesTo: readonly string[];
  /** With the defaults; both are missing when the service keeps no options. */
  readonly resolvedOptions?: object;
  readonly userProvidedOptions?: object;
}

export interface UpdateRequest {
  readonly appId: string;
  readonly packageVersion?: string | undefined;
  readonly options?: object | undefined;
  /** Whether the options take the place of those that were given before, or are laid over them. */
  readonly replace: boolean;
}

export interface RollbackRequest {
  readonly appId: string;
  /** Number of an entry of the history; default: the last that differs from how the service runs. */
  readonly to?: number | undefined;
  /** Although the package does not say that the version can be gone back to. */
  readonly force?: boolean | undefined;
}

export interface ServiceUpdate {
  readonly package: PackageDefinition;
  readonly resolvedOptions: object;
  readonly marathonDeploymentId: string;
}

export interface ServicePreview {
  readonly package: PackageDefinition;
  readonly currentVersion: string;
  /** Both with the defaults. */
  readonly currentOptions: object;
  readonly resolvedOptions: object;
  /** The app that Marathon would be sent. */
  readonly marathonJson: object;
}

export interface ServiceHistoryEntry {
  readonly id: number;
  readonly action: 'INSTALLED' | 'UPDATED' | 'ROLLED_BACK' | 'FOUND';
  /** ISO 8601. */
  readonly at: string;
  readonly packageVersion: string;
  readonly source: string;
  readonly options: object;
  /** Whether the service runs so now. */
  readonly current: boolean;
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
