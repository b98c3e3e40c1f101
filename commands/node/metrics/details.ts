import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { findAgent } from '../../../src/cli/system/find-node.ts';
import { METRIC_COLUMNS } from '../../../src/cli/system/metric-tables.ts';

export default class NodeMetricsDetails extends ClusterCommand {
  static override summary = 'Show everything that is measured of an agent';
  static override examples = [
    '<%= config.bin %> node metrics details 5d6a9a71-1e2f-4d5c-8f5b-2b6f8f1f8c60-S0',
  ];
  static override args = { agent: requiredArgument('Id of the agent') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(NodeMetricsDetails);
    const { mesos, system } = this.connect(flags);
    const { id } = await findAgent(mesos, args.agent);
    const metrics = await system.getNodeMetrics(id);
    if (flags.json) this.printJson(metrics);
    else await this.printTable(METRIC_COLUMNS, metrics);
  }
}
