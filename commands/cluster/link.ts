import { string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { connectionTo } from '../../src/cli/clusters/cluster-clients.ts';
import { findClusterName } from '../../src/cli/clusters/current-cluster.ts';
import { explainLinks } from '../../src/cli/clusters/explain-links.ts';
import { findKnownCluster } from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { dryRunFlag } from '../../src/cli/flags.ts';
import { createAuthClient } from '../../src/clients/auth-client.ts';
import { type ClusterLink, createLinksClient } from '../../src/clients/links-client.ts';

/** Logins that are asked for on the way from one cluster to another (cli.md 3.2). */
const LINKABLE = new Set([
  'dcos-uid-password',
  'dcos-uid-password-ldap',
  'saml-sp-initiated',
  'oidc-authorization-code-flow',
]);

export default class ClusterLinkCommand extends ClusterCommand {
  static override summary = 'Have the current cluster know of another, with its login';
  static override description = `The other one is set up beforehand: plenum cluster setup URL.`;
  static override examples = [
    '<%= config.bin %> cluster link staging',
    '<%= config.bin %> cluster link staging --provider dcos-users --cluster production',
  ];
  static override args = { other: requiredArgument('Name or id of the other cluster') };
  static override flags = {
    provider: string({
      description: 'The login of the other cluster; default: its only one',
      helpValue: 'ID',
    }),
    'dry-run': dryRunFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ClusterLinkCommand);
    const { cluster } = this.connect(flags);
    const options = { timeoutMs: flags.timeout, signal: this.terminal.signal };
    const link = await this.#linkTo(args.other, flags.provider, options);
    if (link.id === cluster.id) throw new CliError('usage', 'A cluster has no link to itself');
    if (flags['dry-run']) return this.printJson(link);
    try {
      await createLinksClient(connectionTo(cluster, options)).add(link);
    } catch (error) {
      throw explainLinks(error, cluster.name);
    }
    if (flags.json) this.printJson(link);
    else this.note(`Cluster ${cluster.name} knows of ${link.name} now`);
  }

  async #linkTo(
    wanted: string,
    provider: string | undefined,
    options: Parameters<typeof connectionTo>[1],
  ): Promise<ClusterLink> {
    const home = plenumHome(this.terminal.env);
    const known = findKnownCluster(home, findClusterName(home, wanted));
    if (known?.id === undefined) {
      throw new CliError('usage', `${wanted} has no id by which others could know it`, {
        hint: 'Only DC/OS clusters that were set up have one',
      });
    }
    const { id, name, url } = known;
    const auth = createAuthClient(connectionTo(known, options));
    const demand = await auth.getDemand();
    const all = demand.type === 'none' ? {} : await auth.getProviders(demand.challenge);
    const fitting = Object.entries(all).filter(([, login]) => LINKABLE.has(login['authentication-type']));
    const chosen = fitting.filter(([key]) => provider === undefined || key === provider);
    const [only, ...others] = chosen;
    if (only && others.length === 0) {
      return { id, name, url, login_provider: { id: only[0], type: only[1]['authentication-type'] } };
    }
    const names = fitting.map(([key]) => key).join(', ');
    throw new CliError('usage', `Which login of ${name} is meant?`, {
      hint:
        names === '' ? 'It has none that a link could be made with' : `Give one with --provider: ${names}`,
    });
  }
}
