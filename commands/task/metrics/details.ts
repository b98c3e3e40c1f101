import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { METRIC_COLUMNS } from '../../../src/cli/system/metric-tables.ts';
import { metricsOfTask } from '../../../src/cli/system/task-metrics.ts';

export default class TaskMetricsDetails extends ClusterCommand {
  static override summary = 'Show everything that is measured of a task';
  static override examples = ['<%= config.bin %> task metrics details web'];
  static override args = { task: requiredArgument('Part of a task id, or a glob') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskMetricsDetails);
    const metrics = await metricsOfTask(args.task, this.connect(flags));
    if (flags.json) this.printJson(metrics);
    else await this.printTable(METRIC_COLUMNS, metrics);
  }
}
