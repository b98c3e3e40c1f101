import { absoluteId } from '../../../src/cli/apps/app-id.ts';
import { OFFER_COLUMNS, offerRows } from '../../../src/cli/apps/queue-table.ts';
import { explainQueueItem } from '../../../src/cli/apps/why-waiting.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';

export default class MarathonDebugSummary extends ClusterCommand {
  static override summary =
    'Tell why an app or pod is not launched: what offers it refused, and for which reasons';
  static override examples = ['<%= config.bin %> marathon debug summary /web'];
  static override args = { id: requiredArgument('Id of the app or pod') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonDebugSummary);
    const id = absoluteId(args.id);
    const queue = await this.connect(flags).marathon.getQueue({ withUnusedOffers: true });
    const item = queue.find(({ app, pod }) => (app?.id ?? pod?.id) === id);
    if (!item) {
      throw new CliError('not-found', `Nothing of ${id} waits to be launched`, {
        hint: 'plenum marathon debug list shows what waits',
      });
    }
    if (flags.json) return this.printJson(item);
    this.note(explainQueueItem(item));
    await this.printTable(OFFER_COLUMNS, offerRows(item));
  }
}
