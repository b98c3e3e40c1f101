import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { deadlineFlags, dryRunFlag, forceFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonGroupScale extends MarathonCommand {
  static override summary = 'Multiply the instances of every app in a group';
  static override examples = ['<%= config.bin %> marathon group scale /shop 2 --wait'];
  static override args = {
    id: requiredArgument('Id of the group'),
    factor: requiredArgument('What the instances are multiplied by, such as 2 or 0.5'),
  };
  static override flags = { wait: waitFlag, force: forceFlag, ...deadlineFlags, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonGroupScale);
    const scaleBy = Number(args.factor);
    if (args.factor.trim() === '' || !(scaleBy >= 0) || !Number.isFinite(scaleBy)) {
      throw new CliError('usage', `"${args.factor}" is no factor`, { hint: 'Such as 2 or 0.5' });
    }
    const clients = this.connect(flags);
    // A group that there is not would come into being.
    await clients.groups.getGroup(args.id);
    if (flags['dry-run'])
      return this.printPreview(clients, flags, () => clients.groups.dryRun.updateGroup(args.id, { scaleBy }));
    const answer = await clients.groups.updateGroup(
      args.id,
      { scaleBy },
      await this.changeOptions(clients, flags),
    );
    await this.finishDeployment(answer, { clients, flags, done: `${args.id} is scaled` });
  }
}
