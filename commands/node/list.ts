import { string } from '@oclif/core/flags';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { quietFlag } from '../../src/cli/flags.ts';
import { isAgent, listNodes } from '../../src/cli/nodes/list-nodes.ts';
import { fieldText, NODE_COLUMNS } from '../../src/cli/nodes/node-table.ts';

export default class NodeList extends ClusterCommand {
  static override summary = 'List the agents and masters, and how much of the agents is in use';
  static override examples = [
    '<%= config.bin %> node list',
    '<%= config.bin %> node list --field version --field attributes',
    '<%= config.bin %> node list --json',
  ];
  static override flags = {
    field: string({
      description: 'A further column: a field of the JSON by its dotted name; may be given several times',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
    }),
    'mesos-id': string({ description: 'Only the agent of this id', helpValue: 'ID' }),
    quiet: quietFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(NodeList);
    const { mesos, system } = this.connect(flags);
    const all = await listNodes(mesos, system);
    const wanted = flags['mesos-id'];
    const nodes = wanted === undefined ? all : all.filter(({ id }) => id === wanted);
    if (flags.json) return this.printJson(nodes);
    if (flags.quiet) return this.printLines(nodes.filter(isAgent).map(({ id }) => id));
    const fields = (flags.field ?? []).map((path) => ({
      heading: path.toUpperCase().replaceAll(/[._]/g, ' '),
      value: (node: (typeof nodes)[number]) => fieldText(node, path),
    }));
    await this.printTable([...NODE_COLUMNS, ...fields], nodes);
  }
}
