import { absoluteId } from '../../../src/cli/apps/app-id.ts';
import { OFFER_DETAIL_COLUMNS } from '../../../src/cli/apps/offer-details.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';

export default class MarathonDebugDetails extends ClusterCommand {
  static override summary = 'Tell what each of the last offers lacked for an app or pod';
  static override examples = ['<%= config.bin %> marathon debug details /web'];
  static override args = { id: requiredArgument('Id of the app or pod') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonDebugDetails);
    const id = absoluteId(args.id);
    const queue = await this.connect(flags).marathon.getQueue({ withUnusedOffers: true });
    const item = queue.find(({ app, pod }) => (app?.id ?? pod?.id) === id);
    if (!item) {
      throw new CliError('not-found', `Nothing of ${id} waits to be launched`, {
        hint: 'plenum marathon debug list shows what waits',
      });
    }
    if (flags.json) return this.printJson(item);
    await this.printTable(OFFER_DETAIL_COLUMNS, item.lastUnusedOffers ?? []);
  }
}
