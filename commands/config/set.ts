import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { saveKnownCluster } from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { requireKnownCluster } from '../../src/cli/clusters/require-known-cluster.ts';
import { findSetting } from '../../src/cli/config/settings.ts';

export default class ConfigSet extends ClusterCommand {
  static override summary = 'Change a setting of the cluster';
  static override examples = [
    '<%= config.bin %> config set core.ssl_verify ca.pem',
    '<%= config.bin %> config set marathon.url http://marathon.example.com:8080',
  ];
  static override args = { key: requiredArgument('The setting'), value: requiredArgument('Its value') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConfigSet);
    const { env } = this.terminal;
    const home = plenumHome(env);
    const setting = findSetting(args.key);
    const cluster = requireKnownCluster({ home, env, asked: flags.cluster });
    saveKnownCluster(home, setting.write(cluster, args.value));
    if (!flags.json) this.note(`Set ${args.key} of ${cluster.name}`);
  }
}
