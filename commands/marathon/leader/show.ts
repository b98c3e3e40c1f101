import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import type { Column } from '../../../src/cli/output/table.ts';

const COLUMNS: readonly Column<{ host: string; ip: string }>[] = [
  { heading: 'HOST', value: ({ host }) => host },
  { heading: 'IP', value: ({ ip }) => ip },
];

export default class MarathonLeaderShow extends ClusterCommand {
  static override summary = 'Show where the leading Marathon is';
  static override examples = ['<%= config.bin %> marathon leader show'];

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonLeaderShow);
    const { leader } = await this.connect(flags).marathonAdmin.getLeader();
    const shown = { host: 'marathon.mesos.', ip: leader.replace(/:\d+$/, '') };
    if (flags.json) this.printJson(shown);
    else await this.printTable(COLUMNS, [shown]);
  }
}
