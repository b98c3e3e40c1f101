import { boolean, string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { credentialFlags, givenCredentials, hasCredentials } from '../../src/cli/auth/credential-flags.ts';
import { logIn } from '../../src/cli/auth/log-in.ts';
import { connectionTo } from '../../src/cli/clusters/cluster-clients.ts';
import { attach } from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { readCertificates, readSecretFile } from '../../src/cli/clusters/secret-files.ts';
import { clusterUrl, setUpCluster } from '../../src/cli/clusters/set-up-cluster.ts';
import { trustedAuthority } from '../../src/cli/clusters/trusted-authority.ts';
import { duration } from '../../src/cli/flags.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { canAsk } from '../../src/cli/output/terminal.ts';
import { createAuthClient } from '../../src/clients/auth-client.ts';

export default class ClusterSetup extends JsonCommand {
  static override summary = 'Connect to a cluster that runs already, and attach it';
  static override description =
    `Works with a Plenum gateway, a DC/OS cluster, and a Mesos master alone; then say where Marathon is.
A token comes from a file that only you may read, or from PLENUM_TOKEN; or you log in with a name and a password.`;
  static override examples = [
    '<%= config.bin %> cluster setup https://dcos.example.com --token-file token --ca-certs ca.pem',
    '<%= config.bin %> cluster setup http://127.0.0.1:7400 --name here',
    '<%= config.bin %> cluster setup http://mesos:5050 --marathon-url http://marathon:8080',
  ];
  static override args = { url: requiredArgument('Address of the cluster') };
  static override flags = {
    name: string({ description: 'What to call it; default: what it calls itself' }),
    'token-file': string({ description: 'A file with the token to send', helpValue: 'FILE' }),
    ...credentialFlags,
    'ca-certs': string({ description: 'The certificate authorities to trust, in PEM', helpValue: 'FILE' }),
    insecure: boolean({ description: "Do not check the cluster's certificate", exclusive: ['ca-certs'] }),
    'no-check': boolean({
      description: 'Trust the authority that the cluster shows, without asking; from then on only that one',
      exclusive: ['ca-certs', 'insecure'],
    }),
    'mesos-url': string({ description: 'Where the master is, when not below the URL', helpValue: 'URL' }),
    'marathon-url': string({ description: 'Where Marathon is, when not below the URL', helpValue: 'URL' }),
    'packages-url': string({ description: 'Where packages are, when not below the URL', helpValue: 'URL' }),
    timeout: duration({ description: 'Give up after this time', helpValue: 'TIME' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ClusterSetup);
    const { env, signal } = this.terminal;
    const home = plenumHome(env);
    const tokenFile = flags['token-file'];
    const caFile = flags['ca-certs'];
    const ca =
      caFile === undefined && !flags.insecure
        ? await trustedAuthority(this.terminal, { url: clusterUrl(args.url), isTrusted: flags['no-check'] })
        : caFile && readCertificates(caFile);
    const token = tokenFile === undefined ? tokenOf(env) : readSecretFile(tokenFile);
    const { cluster, facts } = await setUpCluster({
      home,
      url: args.url,
      name: flags.name,
      token: token ?? (await this.#loggedIn(flags, { url: clusterUrl(args.url), ca })),
      ca,
      isInsecure: flags.insecure,
      mesosUrl: flags['mesos-url'],
      marathonUrl: flags['marathon-url'],
      packagesUrl: flags['packages-url'],
      timeoutMs: flags.timeout,
      signal,
    });
    attach(home, cluster.name);
    const { name, url } = cluster;
    if (flags.json)
      this.printJson({ name, cluster_id: facts.id, url, version: facts.version, attached: true });
    else this.note(`Attached cluster ${name} at ${url}`);
    if (facts.isBareMaster && cluster.marathonUrl === undefined) {
      this.note('This is a Mesos master alone: say with --marathon-url where its Marathon is, to run apps');
    }
  }

  /** The token that credentials are good for; undefined where none are needed, or none were given and nobody can be asked. */
  async #loggedIn(
    flags: Parameters<typeof givenCredentials>[0] & { insecure: boolean; timeout?: number | undefined },
    { url, ca }: { url: string; ca: string | undefined },
  ): Promise<string | undefined> {
    const { terminal } = this;
    const given = givenCredentials(flags, terminal.env);
    if (!hasCredentials(given) && !canAsk(terminal)) return undefined;
    const cluster = { name: url, url, ...(ca === undefined ? {} : { ca }), isInsecure: flags.insecure };
    const { timeout: timeoutMs } = flags;
    const connection = connectionTo(cluster, { timeoutMs, signal: terminal.signal });
    return logIn(createAuthClient(connection), given, { terminal, nowMs: Date.now() });
  }
}

const tokenOf = (env: Readonly<NodeJS.ProcessEnv>): string | undefined =>
  env.PLENUM_TOKEN || env.DCOS_CLUSTER_SETUP_ACS_TOKEN || undefined;
