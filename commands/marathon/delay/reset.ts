import { absoluteId } from '../../../src/cli/apps/app-id.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { planFlag } from '../../../src/cli/flags.ts';

export default class MarathonDelayReset extends ClusterCommand {
  static override summary = 'Launch what failed at once, not after its back-off';
  static override examples = ['<%= config.bin %> marathon delay reset /web'];
  static override args = { id: requiredArgument('Id of the app or pod') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonDelayReset);
    const id = absoluteId(args.id);
    await this.connectOrPlan(flags).marathon.resetDelay(id);
    if (!flags.json) this.print(`Delay on [${id}] has been reset`);
  }
}
