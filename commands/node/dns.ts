import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import type { Column } from '../../src/cli/output/table.ts';
import type { HostAddress } from '../../src/clients/system-client.ts';

const COLUMNS: readonly Column<HostAddress>[] = [
  { heading: 'HOST', value: ({ host }) => host },
  { heading: 'IP', value: ({ ip }) => ip },
];

export default class NodeDns extends ClusterCommand {
  static override summary = 'Look up a name of the cluster, such as leader.mesos';
  static override examples = ['<%= config.bin %> node dns leader.mesos'];
  static override args = { hostname: requiredArgument('The name') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(NodeDns);
    const found = await this.connect(flags).system.resolve(args.hostname);
    if (flags.json) return this.printJson(found);
    if (found.length === 0) throw new CliError('not-found', `The cluster has no host ${args.hostname}`);
    await this.printTable(COLUMNS, found);
  }
}
