import { checkedAppId } from '../../../src/cli/apps/app-id.ts';
import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { deadlineFlags, dryRunFlag, forceFlag, parseWholeNumber, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonAppScale extends MarathonCommand {
  static override summary = 'Have so many instances of an app';
  static override examples = ['<%= config.bin %> marathon app scale /web 5 --wait'];
  static override args = {
    id: requiredArgument('Id of the app'),
    instances: requiredArgument('How many instances'),
  };
  static override flags = { wait: waitFlag, force: forceFlag, ...deadlineFlags, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonAppScale);
    const id = checkedAppId(args.id);
    const instances = parseWholeNumber(args.instances);
    const clients = this.connect(flags);
    await clients.marathon.getApp(id);
    if (flags['dry-run']) {
      return this.printPreview(clients, flags, (dryRun) => dryRun.updateApp(id, { instances }));
    }
    const answer = await clients.marathon.updateApp(
      id,
      { instances },
      await this.changeOptions(clients, flags),
    );
    await this.finishAppChange(id, answer, { clients, flags, answer });
  }
}
