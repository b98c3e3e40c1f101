import { requiredArgument } from '../../src/cli/arguments.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { changeNode } from '../../src/cli/node-change.ts';
import { NodeCommand } from '../../src/cli/node-command.ts';

export default class NodeDecommission extends NodeCommand {
  static override summary = 'Mark an agent gone for good';
  static override description =
    `Its tasks are gone, and its id is refused from then on: this cannot be undone. An agent whose tasks should end in order is better drained with --decommission.`;
  static override examples = ['<%= config.bin %> node decommission 6b0d2c8e-51a7-4c58-9d4e-0f7a3c1e9b20-S0'];
  static override args = { id: requiredArgument('Id of the agent') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(NodeDecommission);
    const { mesos } = this.connectOrPlan(flags);
    await changeNode(`mark agent '${args.id}' as gone`, {
      id: args.id,
      mesos,
      change: (id) => mesos.markAgentGone(id),
    });
    await this.printChanged(args.id, mesos, flags);
  }
}
