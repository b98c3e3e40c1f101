import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { taskUsage, USAGE_COLUMNS } from '../../../src/cli/system/metric-tables.ts';
import { metricsOfTask } from '../../../src/cli/system/task-metrics.ts';

export default class TaskMetricsSummary extends ClusterCommand {
  static override summary = 'Show how much a task uses';
  static override examples = ['<%= config.bin %> task metrics summary web'];
  static override args = { task: requiredArgument('Part of a task id, or a glob') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskMetricsSummary);
    const metrics = await metricsOfTask(args.task, this.connect(flags));
    if (flags.json) this.printJson(metrics);
    else await this.printTable(USAGE_COLUMNS, [taskUsage(metrics)]);
  }
}
