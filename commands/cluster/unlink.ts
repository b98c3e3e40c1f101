import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { connectionTo } from '../../src/cli/clusters/cluster-clients.ts';
import { explainLinks } from '../../src/cli/clusters/explain-links.ts';
import { knownClusters } from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { dryRunFlag } from '../../src/cli/flags.ts';
import { createLinksClient } from '../../src/clients/links-client.ts';

export default class ClusterUnlink extends ClusterCommand {
  static override summary = 'Have the current cluster forget another one';
  static override examples = ['<%= config.bin %> cluster unlink staging'];
  static override args = { other: requiredArgument('Name or id of the other cluster') };
  static override flags = { 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ClusterUnlink);
    const { cluster } = this.connect(flags);
    const { env, signal } = this.terminal;
    const known = knownClusters(plenumHome(env)).find(({ name }) => name === args.other);
    const id = known?.id ?? args.other;
    if (flags['dry-run']) return this.print(`Cluster ${cluster.name} would forget ${id}`);
    try {
      await createLinksClient(connectionTo(cluster, { timeoutMs: flags.timeout, signal })).remove(id);
    } catch (error) {
      throw explainLinks(error, cluster.name);
    }
    if (flags.json) this.printJson({ id });
    else this.note(`Cluster ${cluster.name} knows of ${args.other} no more`);
  }
}
