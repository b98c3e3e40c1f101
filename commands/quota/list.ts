import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { quotasOf } from '../../src/cli/quota/quota-of-role.ts';
import { QUOTA_COLUMNS } from '../../src/cli/quota/quota-tables.ts';

export default class QuotaList extends ClusterCommand {
  static override summary = 'List the quotas, and how much of them is used';
  static override examples = ['<%= config.bin %> quota list', '<%= config.bin %> quota list --json'];

  async run(): Promise<void> {
    const { flags } = await this.parse(QuotaList);
    const quotas = quotasOf(await this.connect(flags).mesos.getRoles());
    if (flags.json) return this.printJson(quotas);
    await this.printTable(QUOTA_COLUMNS, quotas);
  }
}
