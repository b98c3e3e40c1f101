import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { changedLimits, QUOTA_FLAGS } from '../../src/cli/quota/quota-flags.ts';
import { findQuota, requireQuota, scalars } from '../../src/cli/quota/quota-of-role.ts';

export default class QuotaCreate extends ClusterCommand {
  static override summary = 'Limit what the services of a group may use, or guarantee it';
  static override description =
    `A quota holds for a role, which is what Marathon calls a top-level group, and for everything below it.`;
  static override examples = [
    '<%= config.bin %> quota create dev --cpu 4 --mem 8192',
    '<%= config.bin %> quota create prod --guarantee cpus=2 --guarantee mem=4096',
  ];
  static override args = { role: requiredArgument('Name of the group') };
  static override flags = { ...QUOTA_FLAGS, 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(QuotaCreate);
    const limits = changedLimits({}, flags);
    const guarantees = Object.fromEntries(flags.guarantee ?? []);
    if (Object.keys({ ...limits, ...guarantees }).length === 0) {
      throw new CliError('usage', 'A quota needs a limit or a guarantee', { hint: 'Such as --cpu 4' });
    }
    const { mesos } = this.connectOrPlan(flags);
    if (await findQuota(mesos, args.role)) {
      throw new CliError('conflict', `There is a quota of ${args.role} already`, {
        hint: `plenum quota update ${args.role} changes it`,
      });
    }
    const config = { role: args.role, limits: scalars(limits), guarantees: scalars(guarantees) };
    await mesos.updateQuota(config, { force: flags.force });
    if (flags.json) this.printJson(await requireQuota(mesos, args.role));
    else this.note(`Created the quota of ${args.role}`);
  }
}
