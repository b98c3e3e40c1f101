import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { requireQuota } from '../../src/cli/quota/quota-of-role.ts';
import { RESOURCE_COLUMNS, resourceRows } from '../../src/cli/quota/quota-tables.ts';

export default class QuotaGet extends ClusterCommand {
  static override summary = 'Show a quota, and how much of it is used';
  static override examples = ['<%= config.bin %> quota get dev', '<%= config.bin %> quota get dev --json'];
  static override args = { role: requiredArgument('Name of the group') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(QuotaGet);
    const quota = await requireQuota(this.connect(flags).mesos, args.role);
    if (flags.json) return this.printJson(quota);
    await this.printTable(RESOURCE_COLUMNS, resourceRows(quota));
  }
}
