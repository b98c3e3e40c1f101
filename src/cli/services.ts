import type { MesosFramework, MesosFrameworks } from '../clients/mesos-types.ts';
import type { Column } from './output/table.ts';

/** The frameworks that are asked for (cli.md 8). */
export const chooseServices = (
  { frameworks, completed_frameworks: completed }: MesosFrameworks,
  { withInactive, withCompleted }: { withInactive: boolean; withCompleted: boolean },
): MesosFramework[] => [
  ...frameworks.filter(({ active }) => active || withInactive),
  ...(withCompleted ? completed : []),
];

/** A framework that is gone may be told of without what it used. */
const used = (name: string) => (service: MesosFramework) =>
  Number(service.used_resources?.[name] ?? 0).toFixed(1);

/** The columns of `dcos service list`. */
export const SERVICE_COLUMNS: readonly Column<MesosFramework>[] = [
  { heading: 'NAME', value: ({ name }) => name },
  { heading: 'HOST', value: ({ hostname }) => hostname },
  {
    heading: 'ACTIVE',
    value: ({ active }) => (active ? 'True' : 'False'),
    style: ({ active }, paint) => (active ? paint.good : paint.bad),
  },
  { heading: 'TASKS', value: ({ tasks = [] }) => tasks.length, isNumber: true },
  { heading: 'CPU', value: used('cpus'), isNumber: true },
  { heading: 'MEM', value: used('mem'), isNumber: true },
  { heading: 'DISK', value: used('disk'), isNumber: true },
  { heading: 'ID', value: ({ id }) => id },
  { heading: 'ROLE', value: ({ role, roles }) => roles?.join(',') ?? role },
];
