import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { requireQuota } from '../../src/cli/quota/quota-of-role.ts';

export default class QuotaDelete extends ClusterCommand {
  static override summary = 'Remove a quota: the group may use what it gets from then on';
  static override examples = ['<%= config.bin %> quota delete dev'];
  static override args = { role: requiredArgument('Name of the group') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(QuotaDelete);
    const { mesos } = this.connectOrPlan(flags);
    const quota = await requireQuota(mesos, args.role);
    await mesos.updateQuota({ role: args.role });
    if (flags.json) this.printJson(quota);
    else this.note(`Removed the quota of ${args.role}`);
  }
}
