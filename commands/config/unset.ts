import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { saveKnownCluster } from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { requireKnownCluster } from '../../src/cli/clusters/require-known-cluster.ts';
import { findSetting } from '../../src/cli/config/settings.ts';

export default class ConfigUnset extends ClusterCommand {
  static override summary = 'Take a setting of the cluster away';
  static override examples = ['<%= config.bin %> config unset marathon.url'];
  static override args = { key: requiredArgument('The setting') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConfigUnset);
    const { env } = this.terminal;
    const home = plenumHome(env);
    const setting = findSetting(args.key);
    const cluster = requireKnownCluster({ home, env, asked: flags.cluster });
    saveKnownCluster(home, setting.write(cluster, undefined));
    if (!flags.json) this.note(`${args.key} of ${cluster.name} is not set any more`);
  }
}
