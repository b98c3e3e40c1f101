import { spawn } from 'node:child_process';
import { boolean, string } from '@oclif/core/flags';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { CommandExit } from '../../src/cli/errors/command-exit.ts';
import { addressOfAgent, findNode } from '../../src/cli/system/find-node.ts';
import { sshArguments } from '../../src/cli/system/ssh-command.ts';
import { errorCode, errorMessage } from '../../src/runtime/error-message.ts';

export default class NodeSsh extends ClusterCommand {
  static override summary = 'Log in to a node with ssh, or run a command there';
  static override description = `Runs the ssh of this machine; the command ends as that does.`;
  static override examples = [
    '<%= config.bin %> node ssh --leader',
    '<%= config.bin %> node ssh --mesos-id 5d6a9a71-1e2f-4d5c-8f5b-2b6f8f1f8c60-S0 --user core uptime',
    '<%= config.bin %> node ssh --private-ip 10.0.0.12 --proxy-ip 203.0.113.7',
  ];
  static override usage = 'node ssh (--leader | --mesos-id ID | --private-ip ADDRESS) [FLAGS] [COMMAND...]';
  /** Whatever follows is what is run there. */
  static override strict = false;
  static override flags = {
    leader: boolean({ description: 'The leading master' }),
    'mesos-id': string({ description: 'An agent', helpValue: 'ID' }),
    'private-ip': string({ description: 'A node by its address', helpValue: 'ADDRESS' }),
    user: string({ description: 'As whom; default: core.ssh_user, else as ssh decides', helpValue: 'NAME' }),
    'proxy-ip': string({ description: 'By way of this host', helpValue: 'ADDRESS' }),
    'master-proxy': boolean({ description: 'By way of the cluster itself' }),
    'config-file': string({ description: "A configuration of ssh's own", helpValue: 'FILE' }),
    option: string({
      description: 'An option of ssh (-o); may be given several times',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=VALUE',
    }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(NodeSsh);
    const { mesos, system, cluster } = this.connect(flags);
    const host = flags['private-ip'] ?? (await this.#addressOf(flags, { mesos, system }));
    const { settings = {} } = cluster;
    const proxy =
      flags['proxy-ip'] ??
      settings['core.ssh_proxy_ip'] ??
      (flags['master-proxy'] ? new URL(cluster.url).hostname : undefined);
    const code = await run(
      sshArguments({
        host,
        proxy,
        user: flags.user ?? settings['core.ssh_user'],
        configFile: flags['config-file'],
        options: flags.option ?? [],
        command: argv as string[],
      }),
    );
    if (code !== 0) throw new CommandExit(code);
  }

  async #addressOf(
    flags: { leader?: boolean | undefined; 'mesos-id'?: string | undefined },
    { mesos, system }: Pick<ReturnType<NodeSsh['connect']>, 'mesos' | 'system'>,
  ): Promise<string> {
    const node = await findNode(mesos, { leader: flags.leader, agentId: flags['mesos-id'] });
    if (node !== 'leader') return addressOfAgent(node);
    const [leader] = await system.resolve('leader.mesos');
    if (leader) return leader.ip;
    throw new CliError('not-found', 'The cluster does not say where its leader is');
  }
}

const run = (args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const ssh = spawn('ssh', args, { stdio: 'inherit' });
    ssh.on('error', (error) =>
      reject(
        errorCode(error) === 'ENOENT'
          ? new CliError('failed', 'There is no ssh on this machine', { hint: 'Install an SSH client' })
          : new CliError('failed', `ssh cannot be run: ${errorMessage(error)}`),
      ),
    );
    ssh.on('close', (code) => resolve(code ?? 1));
  });
