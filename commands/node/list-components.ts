import { boolean, string } from '@oclif/core/flags';
import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { addressOfAgent, findNode } from '../../src/cli/system/find-node.ts';

export default class NodeListComponents extends ClusterCommand {
  static override summary = 'List the parts that run on a node';
  static override examples = ['<%= config.bin %> node list-components --leader'];
  static override args = { agent: optionalArgument('Id of the agent') };
  static override flags = {
    leader: boolean({ description: 'The leading master' }),
    'mesos-id': string({ description: 'The former name of the argument', hidden: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(NodeListComponents);
    const { mesos, system } = this.connect(flags);
    const node = await findNode(mesos, { leader: flags.leader, agentId: args.agent ?? flags['mesos-id'] });
    const [leader] = node === 'leader' ? await system.resolve('leader.mesos') : [];
    const ip = node === 'leader' ? leader?.ip : addressOfAgent(node);
    if (ip === undefined) throw new CliError('not-found', 'The cluster does not say where its leader is');
    const units = await system.getUnits(ip);
    if (flags.json) this.printJson(units);
    else this.printLines(units.map(({ id }) => id));
  }
}
