import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { connectionTo } from '../../src/cli/clusters/cluster-clients.ts';
import { currentCluster } from '../../src/cli/clusters/current-cluster.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { clusterUrl } from '../../src/cli/clusters/set-up-cluster.ts';
import type { Column } from '../../src/cli/output/table.ts';
import { createAuthClient, type LoginProvider } from '../../src/clients/auth-client.ts';

const METHODS: Readonly<Record<string, string>> = {
  'dcos-uid-password': 'Log in with a user name and a password',
  'dcos-uid-password-ldap': 'Log in with a user name and a password of LDAP',
  'dcos-uid-servicekey': 'Log in with the key of a service account',
  'saml-sp-initiated': 'Log in with SAML 2.0',
  'oidc-authorization-code-flow': 'Log in with OpenID Connect',
  'oidc-implicit-flow': 'Log in with OpenID Connect',
};

const COLUMNS: readonly Column<readonly [string, LoginProvider]>[] = [
  { heading: 'PROVIDER ID', value: ([id]) => id },
  {
    heading: 'LOGIN METHOD',
    value: ([, { 'authentication-type': type, description }]) => METHODS[type] ?? description ?? type,
  },
];

export default class AuthListProviders extends ClusterCommand {
  static override summary = 'List the ways to log in to a cluster';
  static override examples = [
    '<%= config.bin %> auth list-providers',
    '<%= config.bin %> auth list-providers https://dcos.example.com',
  ];
  static override args = { url: optionalArgument('Another cluster than the current one') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AuthListProviders);
    const { env, signal } = this.terminal;
    const cluster =
      args.url === undefined
        ? currentCluster({ home: plenumHome(env), env, asked: flags.cluster })
        : { name: args.url, url: clusterUrl(args.url) };
    const auth = createAuthClient(connectionTo(cluster, { timeoutMs: flags.timeout, signal }));
    const demand = await auth.getDemand();
    const providers = demand.type === 'none' ? {} : await auth.getProviders(demand.challenge);
    if (flags.json) return this.printJson(providers);
    if (demand.type === 'none') this.note(`${cluster.name} asks for no login`);
    const rows = Object.entries(providers).sort(([one], [other]) => (one < other ? -1 : 1));
    await this.printTable(COLUMNS, rows);
  }
}
