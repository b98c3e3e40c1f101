import { QUEUE_COLUMNS } from '../../../src/cli/apps/queue-table.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';

export default class MarathonDebugList extends ClusterCommand {
  static override summary = 'List what waits to be launched';
  static override examples = [
    '<%= config.bin %> marathon debug list',
    '<%= config.bin %> marathon debug list --json',
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonDebugList);
    const queue = await this.connect(flags).marathon.getQueue();
    if (flags.json) return this.printJson(queue);
    await this.printTable(QUEUE_COLUMNS, queue);
  }
}
