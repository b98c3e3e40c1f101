import type { FoundPackage, InstalledPackage, PackageDefinition } from '../../clients/cosmos-types.ts';
import type { Column } from '../output/table.ts';
import type { Plugin } from '../plugins/plugin-store.ts';

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
  /** Names of the commands that it brought to this command line. */
  readonly commands?: readonly string[];
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

/** The rows with the commands that packages have brought, and those packages of which there is nothing else. */
export const withPlugins = (
  rows: readonly InstalledRow[],
  plugins: readonly Plugin[],
  text = '',
): readonly InstalledRow[] => {
  const commandsOf = new Map(
    plugins.map(({ name, commands }) => [name, commands.map((command) => command.name)]),
  );
  const alone = plugins.flatMap(({ name, package: from }): InstalledRow[] => {
    const isShown = name.includes(text) && !rows.some((row) => row.definition.name === name);
    return from && isShown ? [{ apps: [], definition: { name, ...from } }] : [];
  });
  return [...rows, ...alone].map((row) => {
    const commands = commandsOf.get(row.definition.name);
    return commands === undefined ? row : { ...row, commands };
  });
};

/** An element of `package list --json`: the package with its apps and its commands. */
export const installedJson = ({ apps, definition, commands }: InstalledRow): object => ({
  apps,
  ...(commands === undefined ? {} : { command: { name: definition.name, commands } }),
  ...definition,
});

/** The columns of `dcos package list` (cli.md 5.3). */
export const INSTALLED_COLUMNS: readonly Column<InstalledRow>[] = [
  { heading: 'NAME', value: ({ definition }) => definition.name },
  { heading: 'VERSION', value: ({ definition }) => definition.version },
  { heading: 'CERTIFIED', value: ({ definition }) => String(definition.selected ?? false) },
  { heading: 'APP', value: ({ apps }) => apps.join(',') || '---' },
  { heading: 'COMMAND', value: ({ commands = [] }) => commands.join(',') || '---' },
  { heading: 'DESCRIPTION', value: ({ definition }) => shortened(definition.description), isCut: true },
];

const LONGEST_DESCRIPTION = 80;

const shortened = (description: string): string => {
  const [line = ''] = description.split('\n');
  return line.length < LONGEST_DESCRIPTION ? line : `${line.slice(0, LONGEST_DESCRIPTION - 4)}...`;
};
