import { boolean } from '@oclif/core/flags';
import { optionalArgument } from '../../src/cli/arguments.ts';
import { findClusterName } from '../../src/cli/clusters/current-cluster.ts';
import { detach, forgetKnownCluster, knownClusters } from '../../src/cli/clusters/known-clusters.ts';
import { listClusters } from '../../src/cli/clusters/list-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { localClusterNames } from '../../src/cluster/cluster-folder.ts';

export default class ClusterRemove extends JsonCommand {
  static override summary = 'Forget a cluster that was set up; the cluster itself is left alone';
  static override description = 'A cluster of this machine is removed with plenum down --purge.';
  static override examples = [
    '<%= config.bin %> cluster remove example',
    '<%= config.bin %> cluster remove --unavailable',
  ];
  static override args = { cluster: optionalArgument('Name or id of the cluster') };
  static override flags = {
    all: boolean({ description: 'All that were set up' }),
    unavailable: boolean({ description: 'All that do not answer', exclusive: ['all'] }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ClusterRemove);
    const home = plenumHome(this.terminal.env);
    const isSeveral = flags.all === true || flags.unavailable === true;
    if ((args.cluster !== undefined) === isSeveral) {
      throw new CliError('usage', 'Name one cluster, or give --all or --unavailable');
    }
    const names =
      args.cluster === undefined ? await this.#several(home, flags.all) : [one(home, args.cluster)];
    for (const name of names) {
      forgetKnownCluster(home, name);
      detach(home, name);
      if (!flags.json) this.note(`Forgot cluster ${name}`);
    }
    if (flags.json) this.printJson({ removed: names });
  }

  async #several(home: string, isAll: boolean): Promise<string[]> {
    if (isAll) return knownClusters(home).map(({ name }) => name);
    const clusters = await listClusters(home, this.terminal.signal);
    return clusters.filter(({ local, status }) => !local && status === 'UNAVAILABLE').map(({ name }) => name);
  }
}

const one = (home: string, wanted: string): string => {
  const name = findClusterName(home, wanted);
  if (!localClusterNames(home).includes(name)) return name;
  throw new CliError('conflict', `Cluster ${name} is one of this machine`, {
    hint: `To stop and forget it: plenum down --purge --name ${name}`,
  });
};
