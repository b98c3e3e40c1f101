import { boolean } from '@oclif/core/flags';
import { CLUSTER_COLUMNS, clusterNames, listClusters } from '../../src/cli/clusters/list-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { quietFlag } from '../../src/cli/flags.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';

export default class ClusterList extends JsonCommand {
  static override summary = 'List the clusters that are known, and whether they answer';
  static override description = 'The attached one is marked with *.';
  static override examples = [
    '<%= config.bin %> cluster list',
    '<%= config.bin %> cluster list --attached --json',
  ];
  static override flags = {
    attached: boolean({ description: 'Only the attached one' }),
    quiet: quietFlag,
    names: boolean({ description: 'Names and ids, one a line', hidden: true }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ClusterList);
    const home = plenumHome(this.terminal.env);
    if (flags.names) return this.printLines(clusterNames(home));
    const all = await listClusters(home, this.terminal.signal);
    const clusters = flags.attached ? all.filter(({ attached }) => attached) : all;
    if (flags.attached && clusters.length === 0) {
      throw new CliError('no-cluster', 'No cluster is attached', { hint: 'plenum cluster attach NAME' });
    }
    if (flags.json) return this.printJson(clusters);
    if (flags.quiet) return this.print(clusters.map(({ name }) => `${name}\n`).join(''));
    await this.printTable(CLUSTER_COLUMNS, clusters);
  }
}
