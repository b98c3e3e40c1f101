import { checkedAppId } from '../../../src/cli/apps/app-id.ts';
import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { optionalArgument, requiredArgument } from '../../../src/cli/arguments.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { deadlineFlags, dryRunFlag, forceFlag, parseWholeNumber, waitFlag } from '../../../src/cli/flags.ts';
import { formatCount } from '../../../src/cli/output/format.ts';

export default class MarathonAppStart extends MarathonCommand {
  static override summary = 'Start an app that was stopped';
  static override examples = ['<%= config.bin %> marathon app start /web 3 --wait'];
  static override args = {
    id: requiredArgument('Id of the app'),
    instances: optionalArgument('How many instances; default: 1'),
  };
  static override flags = { wait: waitFlag, force: forceFlag, ...deadlineFlags, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonAppStart);
    const id = checkedAppId(args.id);
    const instances = parseWholeNumber(args.instances ?? '1');
    if (instances === 0) throw new CliError('usage', 'An app is started with at least one instance');
    const clients = this.connect(flags);
    const app = await clients.marathon.getApp(id);
    if (app.instances !== 0) {
      throw new CliError(
        'conflict',
        `${id} is started already: ${formatCount(app.instances ?? 1, 'instance')}`,
        {
          hint: `To have more or fewer: plenum marathon app scale ${id} ${instances}`,
        },
      );
    }
    if (flags['dry-run'])
      return this.printPreview(clients, flags, (dryRun) => dryRun.updateApp(id, { instances }));
    const answer = await clients.marathon.updateApp(
      id,
      { instances },
      await this.changeOptions(clients, flags),
    );
    await this.finishAppChange(id, answer, { clients, flags, answer });
  }
}
