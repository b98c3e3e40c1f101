import { requiredArgument } from '../../src/cli/arguments.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { changeNode } from '../../src/cli/node-change.ts';
import { NodeCommand } from '../../src/cli/node-command.ts';

export default class NodeDeactivate extends NodeCommand {
  static override summary = 'Take an agent out of use: its resources are not offered any more';
  static override description =
    `What runs there goes on. It holds until plenum node reactivate, over restarts of the agent and the master.`;
  static override examples = ['<%= config.bin %> node deactivate 6b0d2c8e-51a7-4c58-9d4e-0f7a3c1e9b20-S0'];
  static override args = { id: requiredArgument('Id of the agent') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(NodeDeactivate);
    const { mesos } = this.connectOrPlan(flags);
    await changeNode(`deactivate agent '${args.id}'`, {
      id: args.id,
      mesos,
      change: (id) => mesos.deactivateAgent(id),
    });
    await this.printChanged(args.id, mesos, flags);
  }
}
