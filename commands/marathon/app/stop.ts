import { checkedAppId } from '../../../src/cli/apps/app-id.ts';
import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { deadlineFlags, dryRunFlag, forceFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonAppStop extends MarathonCommand {
  static override summary = 'Stop an app: it stays, without instances';
  static override examples = ['<%= config.bin %> marathon app stop /web --wait'];
  static override args = { id: requiredArgument('Id of the app') };
  static override flags = { wait: waitFlag, force: forceFlag, ...deadlineFlags, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonAppStop);
    const id = checkedAppId(args.id);
    const clients = this.connect(flags);
    const app = await clients.marathon.getApp(id);
    if (app.instances === 0) throw new CliError('conflict', `${id} is stopped already`);
    if (flags['dry-run'])
      return this.printPreview(clients, flags, (dryRun) => dryRun.updateApp(id, { instances: 0 }));
    const answer = await clients.marathon.updateApp(
      id,
      { instances: 0 },
      await this.changeOptions(clients, flags),
    );
    await this.finishAppChange(id, answer, { clients, flags, answer });
  }
}
