import type { MarathonGroup } from '../../clients/marathon-group-client.ts';
import type { Column } from '../output/table.ts';

/** All groups below one, at any depth, by id; the one itself is not among them. */
export const allGroups = (root: MarathonGroup): MarathonGroup[] => {
  const below = ({ groups = [] }: MarathonGroup): MarathonGroup[] =>
    groups.flatMap((group) => [group, ...below(group)]);
  return below(root).sort((one, other) => one.id.localeCompare(other.id));
};

const countApps = ({ apps = [], groups = [] }: MarathonGroup): number =>
  apps.length + groups.reduce((sum, group) => sum + countApps(group), 0);

/** The columns of `dcos marathon group list` (cli.md 4.5). */
export const GROUP_COLUMNS: readonly Column<MarathonGroup>[] = [
  { heading: 'ID', value: ({ id }) => id },
  { heading: 'APPS', value: countApps, isNumber: true },
  { heading: 'ENFORCE_ROLE', value: ({ enforceRole }) => (enforceRole ? 'True' : 'False') },
];
