import { boolean, string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { attach } from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import {
  clusterUrl,
  readCertificates,
  readTokenFile,
  setUpCluster,
} from '../../src/cli/clusters/set-up-cluster.ts';
import { trustedAuthority } from '../../src/cli/clusters/trusted-authority.ts';
import { duration } from '../../src/cli/flags.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';

export default class ClusterSetup extends JsonCommand {
  static override summary = 'Connect to a cluster that runs already, and attach it';
  static override description =
    `Works with a Plenum gateway, a DC/OS cluster, and a Mesos master alone; then say where Marathon is.
A token comes from a file that only you may read, or from PLENUM_TOKEN.`;
  static override examples = [
    '<%= config.bin %> cluster setup https://dcos.example.com --token-file token --ca-certs ca.pem',
    '<%= config.bin %> cluster setup http://127.0.0.1:7400 --name here',
    '<%= config.bin %> cluster setup http://mesos:5050 --marathon-url http://marathon:8080',
  ];
  static override args = { url: requiredArgument('Address of the cluster') };
  static override flags = {
    name: string({ description: 'What to call it; default: what it calls itself' }),
    'token-file': string({ description: 'A file with the token to send', helpValue: 'FILE' }),
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
    const { cluster, facts } = await setUpCluster({
      home,
      url: args.url,
      name: flags.name,
      token: tokenFile === undefined ? env.PLENUM_TOKEN || undefined : readTokenFile(tokenFile),
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
}
