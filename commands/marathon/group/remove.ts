import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { deadlineFlags, dryRunFlag, forceFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonGroupRemove extends MarathonCommand {
  static override summary = 'Remove a group with all its apps';
  static override examples = ['<%= config.bin %> marathon group remove /shop --wait'];
  static override args = { id: requiredArgument('Id of the group') };
  static override flags = { wait: waitFlag, force: forceFlag, ...deadlineFlags, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonGroupRemove);
    const clients = this.connect(flags);
    if (flags['dry-run'])
      return this.printPreview(clients, flags, () => clients.groups.dryRun.deleteGroup(args.id));
    const answer = await clients.groups.deleteGroup(args.id, await this.changeOptions(clients, flags));
    await this.finishDeployment(answer, { clients, flags, done: `${args.id} is removed` });
  }
}
