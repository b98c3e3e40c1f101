import { credentialFlags, givenCredentials } from '../../src/cli/auth/credential-flags.ts';
import { expiryOf, logIn } from '../../src/cli/auth/log-in.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { connectionTo } from '../../src/cli/clusters/cluster-clients.ts';
import { saveKnownCluster } from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { requireKnownCluster } from '../../src/cli/clusters/require-known-cluster.ts';
import { createAuthClient } from '../../src/clients/auth-client.ts';

export default class AuthLogin extends ClusterCommand {
  static override summary = 'Log in to the cluster, and keep the token for later commands';
  static override description = `What is not given is asked for. The token is kept in a file for you alone.`;
  static override examples = [
    '<%= config.bin %> auth login',
    '<%= config.bin %> auth login --username alice --password-file password',
    '<%= config.bin %> auth login --username robot --private-key robot.pem',
  ];
  static override flags = credentialFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(AuthLogin);
    const { terminal } = this;
    const home = plenumHome(terminal.env);
    const cluster = requireKnownCluster({ home, env: terminal.env, asked: flags.cluster });
    const connection = connectionTo(cluster, { timeoutMs: flags.timeout, signal: terminal.signal });
    const given = givenCredentials(flags, terminal.env);
    // As with the original, a token that is at hand is kept without asking the cluster.
    const token =
      terminal.env.DCOS_CLUSTER_SETUP_ACS_TOKEN ||
      (await logIn(createAuthClient(connection), given, { terminal, nowMs: Date.now() }));
    if (token === undefined) {
      this.note(`${cluster.name} asks for no login`);
      return;
    }
    saveKnownCluster(home, { ...cluster, token });
    const expiryMs = expiryOf(token);
    const expires = expiryMs === undefined ? undefined : new Date(expiryMs).toISOString();
    if (flags.json) this.printJson({ name: cluster.name, loggedIn: true, expires });
    else this.note(`Logged in to ${cluster.name}${expires === undefined ? '' : ` until ${expires}`}`);
  }
}
