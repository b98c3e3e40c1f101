import { compareVersions } from '../building/releases.ts';
import type { PackageDefinition } from '../definition/package-definition.ts';
import type { PackedDefinition } from '../definition/packed-definition.ts';
import { noSuchPackage, PackageDefect } from '../package-defect.ts';

export interface Choice {
  /** `NAME`, or `NAME:VERSION` for one version. */
  readonly names: readonly string[];
  readonly isAll: boolean;
  readonly isSelected: boolean;
  /** Every version in place of the newest. */
  readonly isEveryVersion: boolean;
  /** Versions that need a newer release of DC/OS are left out. */
  readonly release: string;
}

/** The definitions that are meant, by name and revision. Throws PackageDefect for a name that there is not. */
export const chooseDefinitions = (
  packed: readonly PackedDefinition[],
  choice: Choice,
): readonly PackageDefinition[] => {
  const byName = new Map<string, PackageDefinition[]>();
  const wanted = new Map(
    choice.names.map((text) => [text.split(':')[0] ?? '', text.split(':').slice(1).join(':')]),
  );
  for (const one of packed) {
    const { name, selected = false } = one.summary;
    if (!wanted.has(name) && !choice.isAll && !(choice.isSelected && selected)) continue;
    byName.set(name, [...(byName.get(name) ?? []), one.unpack()]);
  }
  for (const name of wanted.keys()) {
    if (!byName.has(name)) throw noSuchPackage(name, [...new Set(packed.map(({ summary }) => summary.name))]);
  }
  return [...byName]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, definitions]) =>
      chooseVersions(definitions, { ...choice, version: wanted.get(name) ?? '' }),
    );
};

const chooseVersions = (
  definitions: readonly PackageDefinition[],
  { version, release, isEveryVersion }: Choice & { readonly version: string },
): readonly PackageDefinition[] => {
  const usable = definitions
    .filter(({ minDcosReleaseVersion = '0.0' }) => compareVersions(minDcosReleaseVersion, release) <= 0)
    .sort((one, other) => one.releaseVersion - other.releaseVersion);
  if (version !== '') {
    const found = definitions.filter((definition) => definition.version === version);
    if (found.length > 0) return found;
    throw new PackageDefect(
      `There is no package ${definitions[0]?.name} of version ${version} in the repository`,
    );
  }
  return isEveryVersion ? usable : usable.slice(-1);
};
