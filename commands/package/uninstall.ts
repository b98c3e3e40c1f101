import { boolean, string } from '@oclif/core/flags';
import { absoluteId } from '../../src/cli/apps/app-id.ts';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { requireKeptData } from '../../src/cli/catalog/require-kept-data.ts';
import { waitForUninstall } from '../../src/cli/catalog/wait-for-uninstall.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { waitFlag, yesFlag } from '../../src/cli/flags.ts';
import { confirmByName } from '../../src/cli/output/prompt.ts';

export default class PackageUninstall extends ClusterCommand {
  static override summary = 'Uninstall a package, with all its data unless told otherwise';
  static override description =
    `Its app is removed, its framework is shut down, and its reservations and persistent volumes are freed. With --keep-data those stay: an installation under the same name finds them.
With --wait all of that is done when the command returns. Whatever ends the command, the uninstallation goes on, also when the package service is restarted.`;
  static override examples = [
    '<%= config.bin %> package uninstall hdfs',
    '<%= config.bin %> package uninstall hdfs --yes --wait',
    '<%= config.bin %> package uninstall hdfs --keep-data --wait',
    '<%= config.bin %> package uninstall hdfs --app-id /my-hdfs --yes',
  ];
  static override args = { name: requiredArgument('Name of the package') };
  static override flags = {
    'app-id': string({ description: 'Which one, when several are installed', helpValue: 'ID' }),
    all: boolean({ description: 'All that are installed', exclusive: ['app-id'] }),
    'keep-data': boolean({ description: 'Leave volumes and reservations as they are' }),
    yes: yesFlag,
    wait: waitFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageUninstall);
    const { packages } = this.connect(flags);
    const appId = flags['app-id'] === undefined ? undefined : absoluteId(flags['app-id']);
    const keepData = flags['keep-data'] === true;
    if (keepData) await requireKeptData(packages);
    if (!flags.yes) {
      const name = appId ?? args.name;
      await confirmByName(this.terminal, {
        message: `This removes ${name} ${keepData ? 'and keeps its data' : 'with all its data'}. Type its name:`,
        name,
      });
    }
    const results = await packages.uninstall({
      packageName: args.name,
      appId,
      ...(flags.all ? { all: true } : {}),
      ...(keepData ? { keepData } : {}),
    });
    if (flags.wait) {
      await waitForUninstall(results, {
        packages,
        progress: this.createProgress(),
        deadline: this.waitDeadline(flags),
        signal: this.terminal.signal,
      });
    }
    for (const { packageName, packageVersion, appId: removed, postUninstallNotes } of results) {
      this.note(
        `Uninstalled ${packageName}${packageVersion === undefined ? '' : ` ${packageVersion}`} (${removed})`,
      );
      if (postUninstallNotes) this.note(postUninstallNotes);
    }
    if (flags.json) this.printJson(results);
  }
}
