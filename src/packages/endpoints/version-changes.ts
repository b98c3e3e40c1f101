import type { Catalog } from '../../universe/catalog/catalog.ts';
import type { PackageDefinition } from '../../universe/definition/package-definition.ts';

type Version = Pick<PackageDefinition, 'version' | 'upgradesFrom' | 'downgradesTo'>;

/** Versions in the repositories that name the installed one as a version they can take over from (reference 2.9). */
export const upgradesTo = (catalog: Catalog, installed: PackageDefinition): string[] =>
  versionsOf(catalog, installed.name)
    .filter((summary) => isUpgrade(installed, summary))
    .map(({ version }) => version);

/** Versions in the repositories that the installed one can be taken back to. */
export const downgradesTo = (catalog: Catalog, installed: PackageDefinition): string[] =>
  versionsOf(catalog, installed.name)
    .filter((summary) => isDowngrade(installed, summary))
    .map(({ version }) => version);

/** Whether one version may be followed by another: the newer says what it upgrades from, the older what it goes back to. */
export const mayFollow = (installed: Version, next: Version): boolean =>
  isUpgrade(installed, next) || isDowngrade(installed, next);

const isUpgrade = (
  { version }: Pick<Version, 'version'>,
  { upgradesFrom = [] }: Pick<Version, 'upgradesFrom'>,
) => upgradesFrom.includes(version) || upgradesFrom.includes('*');

const isDowngrade = ({ downgradesTo: allowed = [] }: Version, { version }: Pick<Version, 'version'>) =>
  allowed.includes(version) || allowed.includes('*');

const versionsOf = (catalog: Catalog, name: string) =>
  (catalog.get(name) ?? []).map(({ packed }) => packed.summary);
