import type { FoundPackage, InstalledPackage, PackageDefinition } from '../../clients/cosmos-types.ts';
import type { Column } from '../output/table.ts';

/** The columns of `dcos package search` (cli.md 5.4). */
export const FOUND_COLUMNS: readonly Column<FoundPackage>[] = [
  { heading: 'NAME', value: ({ name }) => name },
  { heading: 'VERSION', value: ({ currentVersion }) => currentVersion },
  { heading: 'CERTIFIED', value: ({ selected = false }) => String(selected) },
  { heading: 'FRAMEWORK', value: ({ framework }) => String(framework) },
  { heading: 'DESCRIPTION', value: ({ description }) => shortened(description), isCut: true },
];

/** One version of a package, with every app that was made from it. */
export interface InstalledRow {
  readonly apps: readonly string[];
  readonly definition: PackageDefinition;
}

/** What is installed whose package name or app id contains the text, in the order of names and versions. */
export const installedRows = (
  packages: readonly InstalledPackage[],
  filter: { readonly text?: string | undefined; readonly appId?: string | undefined },
): InstalledRow[] => {
  const { text = '', appId } = filter;
  const rows = new Map<string, InstalledRow>();
  for (const { appId: id, packageInformation } of packages) {
    const { packageDefinition: definition } = packageInformation;
    if (appId !== undefined && id !== appId) continue;
    if (!definition.name.includes(text) && !id.includes(text)) continue;
    const key = `${definition.name}\n${definition.version}`;
    rows.set(key, { definition, apps: [...(rows.get(key)?.apps ?? []), id] });
  }
  return [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
};

/** An element of `package list --json`: the package with its apps. */
export const installedJson = ({ apps, definition }: InstalledRow): object => ({ apps, ...definition });

/** The columns of `dcos package list` (cli.md 5.3). */
export const INSTALLED_COLUMNS: readonly Column<InstalledRow>[] = [
  { heading: 'NAME', value: ({ definition }) => definition.name },
  { heading: 'VERSION', value: ({ definition }) => definition.version },
  { heading: 'CERTIFIED', value: ({ definition }) => String(definition.selected ?? false) },
  { heading: 'APP', value: ({ apps }) => apps.join(',') || '---' },
  { heading: 'DESCRIPTION', value: ({ definition }) => shortened(definition.description), isCut: true },
];

const LONGEST_DESCRIPTION = 80;

const shortened = (description: string): string => {
  const [line = ''] = description.split('\n');
  return line.length < LONGEST_DESCRIPTION ? line : `${line.slice(0, LONGEST_DESCRIPTION - 4)}...`;
};
