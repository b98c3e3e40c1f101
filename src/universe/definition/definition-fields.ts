import type { PackageDefinition, PackagingVersion } from './package-definition.ts';

type Field = keyof PackageDefinition;

/** What every version of the packaging format has and what is told of an installed package (reference 2.8). */
export const COMMON_FIELDS: readonly Field[] = [
  'packagingVersion',
  'name',
  'version',
  'maintainer',
  'description',
  'tags',
  'selected',
  'scm',
  'website',
  'framework',
  'preInstallNotes',
  'postInstallNotes',
  'postUninstallNotes',
  'licenses',
];

const SINCE_2: readonly Field[] = [...COMMON_FIELDS, 'releaseVersion', 'marathon', 'resource', 'config'];
const SINCE_3: readonly Field[] = [...SINCE_2, 'minDcosReleaseVersion', 'hasKnownIssues', 'lastUpdated'];
const SINCE_4: readonly Field[] = [...SINCE_3, 'upgradesFrom', 'downgradesTo'];

/** The fields that a definition has in each version of the packaging format; others are dropped when it is read. */
export const DEFINITION_FIELDS: Readonly<Record<PackagingVersion, readonly Field[]>> = {
  '2.0': [...SINCE_2, 'command'],
  '3.0': [...SINCE_3, 'command'],
  '4.0': SINCE_4,
  '5.0': [...SINCE_4, 'manager'],
};

/** Fields of package.json itself, as opposed to what the other files of a revision give. */
export const isMetadataField = (field: Field): boolean =>
  !['releaseVersion', 'marathon', 'resource', 'config', 'command'].includes(field);
