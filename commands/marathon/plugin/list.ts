import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import type { Column } from '../../../src/cli/output/table.ts';
import type { MarathonPlugin } from '../../../src/clients/marathon-admin-client.ts';

const COLUMNS: readonly Column<MarathonPlugin>[] = [
  { heading: 'ID', value: ({ id }) => id },
  { heading: 'IMPLEMENTATION', value: ({ implementation }) => implementation },
  { heading: 'PLUGIN', value: ({ plugin }) => plugin },
];

export default class MarathonPluginList extends ClusterCommand {
  static override summary = 'List the plugins of Marathon';
  static override examples = ['<%= config.bin %> marathon plugin list'];

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonPluginList);
    const plugins = await this.connect(flags).marathonAdmin.getPlugins();
    if (flags.json) this.printJson({ plugins });
    else await this.printTable(COLUMNS, plugins);
  }
}
