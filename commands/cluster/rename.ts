import { requiredArgument } from '../../src/cli/arguments.ts';
import { findClusterName } from '../../src/cli/clusters/current-cluster.ts';
import {
  attach,
  attachedName,
  checkClusterName,
  findKnownCluster,
  forgetKnownCluster,
  saveKnownCluster,
} from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { localClusterNames } from '../../src/cluster/cluster-folder.ts';

export default class ClusterRename extends JsonCommand {
  static override summary = 'Call a cluster that was set up by another name';
  static override examples = ['<%= config.bin %> cluster rename dcos-1 production'];
  static override args = {
    cluster: requiredArgument('Name or id of the cluster'),
    name: requiredArgument('The new name'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ClusterRename);
    const home = plenumHome(this.terminal.env);
    checkClusterName(args.name);
    const before = findClusterName(home, args.cluster);
    const known = findKnownCluster(home, before);
    if (!known || localClusterNames(home).includes(before)) {
      throw new CliError('conflict', `Cluster ${before} is one of this machine, and keeps its name`);
    }
    if (localClusterNames(home).includes(args.name) || findKnownCluster(home, args.name)) {
      throw new CliError('conflict', `Another cluster is known as ${args.name}`);
    }
    // The new one first: whatever happens in between, nothing is lost.
    saveKnownCluster(home, { ...known, name: args.name });
    if (attachedName(home) === before) attach(home, args.name);
    forgetKnownCluster(home, before);
    if (flags.json) this.printJson({ name: args.name });
    else this.note(`${before} is called ${args.name} from now on`);
  }
}
