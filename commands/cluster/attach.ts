import { requiredArgument } from '../../src/cli/arguments.ts';
import { findClusterName } from '../../src/cli/clusters/current-cluster.ts';
import { attach } from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';

export default class ClusterAttach extends JsonCommand {
  static override summary = 'Choose the cluster that commands mean when nothing else is said';
  static override examples = ['<%= config.bin %> cluster attach local'];
  static override args = {
    cluster: requiredArgument('Name or id of the cluster, or the beginning of the id'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ClusterAttach);
    const home = plenumHome(this.terminal.env);
    const name = findClusterName(home, args.cluster);
    attach(home, name);
    if (flags.json) this.printJson({ name, attached: true });
    else this.note(`Attached cluster ${name}`);
  }
}
