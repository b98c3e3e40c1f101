import { checkedAppId } from '../../../src/cli/apps/app-id.ts';
import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { deadlineFlags, dryRunFlag, forceFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonAppRemove extends MarathonCommand {
  static override summary = 'Remove an app with all its tasks';
  static override examples = [
    '<%= config.bin %> marathon app remove /web',
    '<%= config.bin %> marathon app remove /web --force --wait',
  ];
  static override args = { id: requiredArgument('Id of the app') };
  static override flags = { wait: waitFlag, force: forceFlag, ...deadlineFlags, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonAppRemove);
    const id = checkedAppId(args.id);
    const clients = this.connect(flags);
    if (flags['dry-run']) return this.printPreview(clients, flags, (dryRun) => dryRun.deleteApp(id));
    const answer = await clients.marathon.deleteApp(id, await this.changeOptions(clients, flags));
    await this.finishDeployment(answer, { clients, flags, done: `${id} is removed` });
  }
}
