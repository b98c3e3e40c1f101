import { requiredArgument } from '../../src/cli/arguments.ts';
import { findInstalled } from '../../src/cli/catalog/find-installed.ts';
import { HISTORY_COLUMNS, withoutSecrets } from '../../src/cli/catalog/history-table.ts';
import { RENDER_FLAGS } from '../../src/cli/catalog/package-flags.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { orUndefinedIfMissing } from '../../src/clients/api-error.ts';

export default class PackageHistory extends ClusterCommand {
  static override summary = 'List what a package that is installed ran as, the oldest first';
  static override description =
    `A star marks what it runs as now. The numbers are those that plenum package rollback --to takes; the last 20 entries are kept.`;
  static override examples = [
    '<%= config.bin %> package history hdfs',
    '<%= config.bin %> package history hdfs --json',
  ];
  static override args = { name: requiredArgument('Name of the package') };
  static override flags = {
    'app-id': { ...RENDER_FLAGS['app-id'], description: 'Which one, when several are installed' },
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageHistory);
    const { packages } = this.connect(flags);
    const appId = await findInstalled(packages, { name: args.name, appId: flags['app-id'] });
    const entries = await orUndefinedIfMissing(packages.getServiceHistory(appId));
    if (entries === undefined) throw new CliError('failed', 'This package service keeps no history');
    if (flags.json) return this.printJson({ entries });
    const { package: running } = await packages.describeService(appId);
    const shown = entries.map((entry) => withoutSecrets(entry, running.config));
    await this.printTable(HISTORY_COLUMNS, shown);
  }
}
