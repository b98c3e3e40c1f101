import { allGroups, GROUP_COLUMNS } from '../../../src/cli/apps/group-table.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { quietFlag } from '../../../src/cli/flags.ts';

export default class MarathonGroupList extends ClusterCommand {
  static override summary = 'List the groups of apps';
  static override examples = ['<%= config.bin %> marathon group list'];
  static override flags = { quiet: quietFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonGroupList);
    const groups = allGroups(await this.connect(flags).groups.getGroup());
    if (flags.quiet) this.printLines(groups.map(({ id }) => id));
    else if (flags.json) this.printJson(groups);
    else await this.printTable(GROUP_COLUMNS, groups);
  }
}
