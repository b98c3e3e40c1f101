import { requiredArgument } from '../../src/cli/arguments.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { PluginCommand } from '../../src/cli/plugins/plugin-command.ts';
import { removePlugin } from '../../src/cli/plugins/plugin-store.ts';

export default class PluginRemove extends PluginCommand {
  static override summary = 'Remove a plugin, and with it its commands';
  static override examples = ['<%= config.bin %> plugin remove kafka'];
  static override args = { plugin: requiredArgument('Name of the plugin') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PluginRemove);
    const { home, clusterName } = this.pluginPlace(flags);
    if (!removePlugin(home, clusterName, args.plugin)) {
      throw new CliError('not-found', `There is no plugin ${args.plugin}`, {
        hint: 'plenum plugin list shows those there are',
      });
    }
    this.note(`Removed the plugin ${args.plugin}`);
  }
}
