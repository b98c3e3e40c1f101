import { boolean, string } from '@oclif/core/flags';
import { absoluteId } from '../../src/cli/apps/app-id.ts';
import { optionalArgument } from '../../src/cli/arguments.ts';
import {
  INSTALLED_COLUMNS,
  installedJson,
  installedRows,
  withPlugins,
} from '../../src/cli/catalog/package-tables.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { PluginCommand } from '../../src/cli/plugins/plugin-command.ts';
import { installedPlugins } from '../../src/cli/plugins/plugin-store.ts';

export default class PackageList extends PluginCommand {
  static override summary = 'List the packages that are installed';
  static override examples = ['<%= config.bin %> package list', '<%= config.bin %> package list hdfs --json'];
  static override args = { filter: optionalArgument('Part of a package name or app id') };
  static override flags = {
    'app-id': string({ description: 'Only what the app of this id was installed from', helpValue: 'ID' }),
    cli: boolean({
      description: 'Only those whose commands are installed; no cluster is asked',
      exclusive: ['app-id'],
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageList);
    if (args.filter !== undefined && flags['app-id'] !== undefined) {
      throw new CliError('usage', 'Give a part of the name or --app-id, not both');
    }
    const installed = flags.cli ? [] : await this.connect(flags).packages.list();
    const appId = flags['app-id'];
    const { home, clusterName } = this.pluginPlace(flags);
    const rows = withPlugins(
      installedRows(installed, {
        text: args.filter,
        appId: appId === undefined ? undefined : absoluteId(appId),
      }),
      appId === undefined ? installedPlugins(home, clusterName) : [],
      args.filter,
    );
    if (flags.json) return this.printJson(rows.map(installedJson));
    if (rows.length === 0 && (args.filter ?? appId) !== undefined) {
      throw new CliError('not-found', `Nothing that is installed matches "${args.filter ?? appId}"`);
    }
    await this.printTable(INSTALLED_COLUMNS, rows);
  }
}
