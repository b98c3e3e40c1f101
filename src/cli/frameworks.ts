import type { MesosClient } from '../clients/mesos-client.ts';
import type { MesosFramework } from '../clients/mesos-types.ts';
import { CliError } from './errors/cli-error.ts';
import { hintOfNearest } from './errors/suggest-name.ts';
import { formatMiB, formatNumber } from './output/format.ts';
import type { Column } from './output/table.ts';

/** Connected, away for a time that its failover_timeout allows, or over. */
const stateOf = ({ active, connected }: MesosFramework): string => {
  if (active) return 'ACTIVE';
  return connected ? 'INACTIVE' : 'DISCONNECTED';
};

export const FRAMEWORK_COLUMNS: readonly Column<MesosFramework>[] = [
  { heading: 'NAME', value: ({ name }) => name },
  {
    heading: 'STATE',
    value: stateOf,
    style: (framework, paint) => (framework.active ? paint.good : paint.busy),
  },
  { heading: 'ROLES', value: ({ roles, role }) => roles?.join(',') ?? role },
  { heading: 'TASKS', value: ({ tasks = [] }) => tasks.length, isNumber: true },
  { heading: 'CPUS', value: ({ used_resources: used }) => formatNumber(used?.cpus ?? 0), isNumber: true },
  { heading: 'MEM', value: ({ used_resources: used }) => formatMiB(Number(used?.mem ?? 0)), isNumber: true },
  { heading: 'PRINCIPAL', value: ({ principal }) => principal },
  { heading: 'ID', value: ({ id }) => id },
];

/** The framework of an id, or the only one of a name. Throws CliError. */
export const findFramework = async (mesos: MesosClient, asked: string): Promise<MesosFramework> => {
  const { frameworks, completed_frameworks: completed } = await mesos.getFrameworks();
  const byId = [...frameworks, ...completed].find(({ id }) => id === asked);
  if (byId) return byId;
  const [only, ...others] = frameworks.filter(({ name }) => name === asked);
  if (only && others.length === 0) return only;
  if (!only) {
    throw new CliError('not-found', `There is no framework ${asked}`, {
      hint: hintOfNearest(
        asked,
        frameworks.map(({ name }) => name),
        'plenum framework list shows names and ids',
      ),
    });
  }
  throw new CliError('conflict', `Several frameworks are called ${asked}`, {
    details: [only, ...others].map(({ id }) => id),
    hint: 'Name one of them by its id',
  });
};
