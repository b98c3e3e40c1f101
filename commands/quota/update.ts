import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { changedLimits, QUOTA_FLAGS } from '../../src/cli/quota/quota-flags.ts';
import { requireQuota, scalars } from '../../src/cli/quota/quota-of-role.ts';

export default class QuotaUpdate extends ClusterCommand {
  static override summary = 'Change a quota; what is not given stays';
  static override examples = [
    '<%= config.bin %> quota update dev --cpu 8',
    '<%= config.bin %> quota update dev --mem none',
  ];
  static override args = { role: requiredArgument('Name of the group') };
  static override flags = { ...QUOTA_FLAGS, 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(QuotaUpdate);
    const { mesos } = this.connectOrPlan(flags);
    const quota = await requireQuota(mesos, args.role);
    const limits = changedLimits(quota.limit, flags);
    const guarantees = { ...quota.guarantee, ...Object.fromEntries(flags.guarantee ?? []) };
    if (Object.keys({ ...limits, ...guarantees }).length === 0) {
      throw new CliError('usage', `Nothing would be left of the quota of ${args.role}`, {
        hint: `To remove it: plenum quota delete ${args.role}`,
      });
    }
    const config = { role: args.role, limits: scalars(limits), guarantees: scalars(guarantees) };
    await mesos.updateQuota(config, { force: flags.force });
    if (flags.json) this.printJson(await requireQuota(mesos, args.role));
    else this.note(`Updated the quota of ${args.role}`);
  }
}
