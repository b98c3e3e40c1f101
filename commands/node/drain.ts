import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { planFlag, waitFlag } from '../../src/cli/flags.ts';
import { followDrain } from '../../src/cli/follow-drain.ts';
import { goDuration } from '../../src/cli/go-duration.ts';
import { changeNode } from '../../src/cli/node-change.ts';
import { NodeCommand } from '../../src/cli/node-command.ts';

export default class NodeDrain extends NodeCommand {
  static override summary = 'Take an agent out of use, and have all its tasks killed';
  static override description =
    `The agent offers nothing more and its tasks are killed, each with its own grace period unless a shorter one is given; frameworks launch them elsewhere. It is DRAINED once all of them have ended, and stays out of use until plenum node reactivate. What is under way goes on when the agent or the master restarts.`;
  static override examples = [
    '<%= config.bin %> node drain 6b0d2c8e-51a7-4c58-9d4e-0f7a3c1e9b20-S0 --wait',
    '<%= config.bin %> node drain 6b0d2c8e-51a7-4c58-9d4e-0f7a3c1e9b20-S0 --max-grace-period 5m',
    '<%= config.bin %> node drain 6b0d2c8e-51a7-4c58-9d4e-0f7a3c1e9b20-S0 --decommission',
  ];
  static override args = { id: requiredArgument('Id of the agent') };
  static override flags = {
    'dry-run': planFlag,
    'max-grace-period': goDuration({
      description: 'Kill tasks that have not ended after this time, such as 90s or 5m, whatever they want',
    }),
    decommission: boolean({
      description: 'Mark the agent gone when it is drained: it never comes back',
      default: false,
    }),
    wait: waitFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(NodeDrain);
    const { mesos } = this.connectOrPlan(flags);
    const options = { maxGraceNanoseconds: flags['max-grace-period'], markGone: flags.decommission };
    await changeNode(`drain agent '${args.id}'`, {
      id: args.id,
      mesos,
      change: (id) => mesos.drainAgent(id, options),
    });
    if (flags.wait) {
      await followDrain(args.id, {
        mesos,
        progress: this.createProgress(),
        isGoneAfterwards: flags.decommission,
        deadline: this.waitDeadline(flags),
        signal: this.terminal.signal,
      });
    }
    await this.printChanged(args.id, mesos, flags);
  }
}
