import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { saveKnownCluster } from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { requireKnownCluster } from '../../src/cli/clusters/require-known-cluster.ts';

export default class AuthLogout extends ClusterCommand {
  static override summary = 'Forget the token of the cluster';
  static override description = `The token itself stays good until it expires.`;
  static override examples = ['<%= config.bin %> auth logout'];

  async run(): Promise<void> {
    const { flags } = await this.parse(AuthLogout);
    const { env } = this.terminal;
    const home = plenumHome(env);
    const { token, ...cluster } = requireKnownCluster({ home, env, asked: flags.cluster });
    saveKnownCluster(home, cluster);
    if (flags.json) this.printJson({ name: cluster.name, loggedIn: false });
    else
      this.note(
        token === undefined ? `There was no token of ${cluster.name}` : `Logged out of ${cluster.name}`,
      );
  }
}
