import { requiredArgument } from '../../src/cli/arguments.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { changeNode } from '../../src/cli/node-change.ts';
import { NodeCommand } from '../../src/cli/node-command.ts';

export default class NodeReactivate extends NodeCommand {
  static override summary = 'Put an agent to use again that was deactivated or is drained';
  static override examples = ['<%= config.bin %> node reactivate 6b0d2c8e-51a7-4c58-9d4e-0f7a3c1e9b20-S0'];
  static override args = { id: requiredArgument('Id of the agent') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(NodeReactivate);
    const { mesos } = this.connectOrPlan(flags);
    await changeNode(`reactivate agent '${args.id}'`, {
      id: args.id,
      mesos,
      change: (id) => mesos.reactivateAgent(id),
    });
    await this.printChanged(args.id, mesos, flags);
  }
}
