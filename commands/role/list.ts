import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { quietFlag } from '../../src/cli/flags.ts';
import { formatMiB, formatNumber } from '../../src/cli/output/format.ts';
import type { Column } from '../../src/cli/output/table.ts';
import type { MesosRole } from '../../src/clients/mesos-types.ts';

const amount = ({ resources }: MesosRole, name: string): number => Number(resources[name] ?? 0);
const guarantee = ({ quota }: MesosRole): string =>
  Object.entries(quota?.guarantee ?? {})
    .map(([name, value]) => `${name}:${formatNumber(value)}`)
    .join(' ');

const COLUMNS: readonly Column<MesosRole>[] = [
  { heading: 'NAME', value: ({ name }) => name },
  { heading: 'WEIGHT', value: ({ weight }) => formatNumber(weight), isNumber: true },
  { heading: 'FRAMEWORKS', value: ({ frameworks }) => frameworks.length, isNumber: true },
  { heading: 'CPUS', value: (role) => formatNumber(amount(role, 'cpus')), isNumber: true },
  { heading: 'MEM', value: (role) => formatMiB(amount(role, 'mem')), isNumber: true },
  { heading: 'GUARANTEE', value: guarantee },
];

export default class RoleList extends ClusterCommand {
  static override summary = 'List the roles: who shares the cluster, and what they use';
  static override examples = ['<%= config.bin %> role list'];
  static override flags = { quiet: quietFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(RoleList);
    const roles = await this.connect(flags).mesos.getRoles();
    if (flags.quiet) this.printLines(roles.map(({ name }) => name));
    else if (flags.json) this.printJson(roles);
    else await this.printTable(COLUMNS, roles);
  }
}
