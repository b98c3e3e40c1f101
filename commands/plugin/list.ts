import { join } from 'node:path';
import { boolean } from '@oclif/core/flags';
import { quietFlag } from '../../src/cli/flags.ts';
import type { Column } from '../../src/cli/output/table.ts';
import { PluginCommand } from '../../src/cli/plugins/plugin-command.ts';
import {
  installedPlugins,
  type Plugin,
  PROGRAMS_FOLDER,
  programOf,
} from '../../src/cli/plugins/plugin-store.ts';

const COLUMNS: readonly Column<Plugin>[] = [
  { heading: 'NAME', value: ({ name }) => name },
  { heading: 'COMMANDS', value: ({ commands }) => commands.map(({ name }) => name).join(', ') },
];

export default class PluginList extends PluginCommand {
  static override summary = 'List the plugins of a cluster, with their commands';
  static override examples = ['<%= config.bin %> plugin list', '<%= config.bin %> plugin list --json'];
  static override flags = {
    quiet: quietFlag,
    commands: boolean({ description: 'Print the names of their commands only', hidden: true }),
    'completion-dirs': boolean({ description: 'Print the folders of their completions only', hidden: true }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(PluginList);
    const { home, clusterName } = this.pluginPlace(flags);
    const plugins = installedPlugins(home, clusterName);
    if (flags.commands)
      return this.printLines(plugins.flatMap(({ commands }) => commands.map(({ name }) => name)));
    if (flags['completion-dirs']) {
      return this.printLines(
        plugins.map(({ folder }) => join(folder, PROGRAMS_FOLDER, 'completion', 'bash')),
      );
    }
    if (flags.quiet) return this.printLines(plugins.map(({ name }) => name));
    if (flags.json) return this.printJson(plugins.map(pluginJson));
    await this.printTable(COLUMNS, plugins);
  }
}

const pluginJson = (plugin: Plugin): object => ({
  name: plugin.name,
  commands: plugin.commands.map((command) => ({
    name: command.name,
    path: programOf(plugin, command),
    description: command.description,
  })),
});
