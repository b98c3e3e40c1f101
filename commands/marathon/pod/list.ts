import { PodCommand } from '../../../src/cli/apps/pod-command.ts';
import { byId, isOverdue, POD_COLUMNS, podRows } from '../../../src/cli/apps/pod-table.ts';
import { quietFlag } from '../../../src/cli/flags.ts';

export default class MarathonPodList extends PodCommand {
  static override summary = 'List the pods with their containers, and how they are';
  static override examples = ['<%= config.bin %> marathon pod list'];
  static override flags = { quiet: quietFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonPodList);
    const { pods, marathon } = await this.connectForPods(flags);
    const [statuses, queue] = await Promise.all([pods.getStatuses(), marathon.getQueue()]);
    if (flags.quiet) this.printLines(byId(statuses).map(({ id }) => id));
    else if (flags.json) {
      this.printJson(byId(statuses).map((status) => ({ ...status, overdue: isOverdue(status.id, queue) })));
    } else await this.printTable(POD_COLUMNS, podRows(statuses, queue));
  }
}
