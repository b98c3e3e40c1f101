import { boolean, string } from '@oclif/core/flags';
import { absoluteId } from '../../src/cli/apps/app-id.ts';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { requireKeptData } from '../../src/cli/catalog/require-kept-data.ts';
import { waitForUninstall } from '../../src/cli/catalog/wait-for-uninstall.ts';
import type { ClusterFlags, PlanFlags } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { planFlag, waitFlag, yesFlag } from '../../src/cli/flags.ts';
import { confirmByName } from '../../src/cli/output/prompt.ts';
import { PluginCommand } from '../../src/cli/plugins/plugin-command.ts';
import { findPlugin, removePlugin } from '../../src/cli/plugins/plugin-store.ts';
import type { CosmosClient } from '../../src/clients/cosmos-client.ts';

export default class PackageUninstall extends PluginCommand {
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
    'dry-run': planFlag,
    'app-id': string({ description: 'Which one, when several are installed', helpValue: 'ID' }),
    all: boolean({ description: 'All that are installed', exclusive: ['app-id'] }),
    app: boolean({ description: 'Only what runs on the cluster; the commands of the package stay' }),
    cli: boolean({
      description: 'Only the commands of the package',
      exclusive: ['app', 'app-id', 'all'],
    }),
    'keep-data': boolean({ description: 'Leave volumes and reservations as they are' }),
    yes: yesFlag,
    wait: waitFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageUninstall);
    if (flags.cli) return this.#removeCommands(args.name, flags);
    const { packages } = this.connectOrPlan(flags);
    if (!flags.app && (await this.#hasCommandsAlone(packages, args.name, flags))) {
      return this.#removeCommands(args.name, flags);
    }
    const appId = flags['app-id'] === undefined ? undefined : absoluteId(flags['app-id']);
    const keepData = flags['keep-data'] === true;
    if (keepData) await requireKeptData(packages);
    if (!flags.yes && !flags['dry-run']) {
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
      // What the package says is about its data being gone.
      if (keepData)
        this.note('Its volumes and reservations stay: an installation under the same name finds them');
      else if (postUninstallNotes) this.note(postUninstallNotes);
    }
    const isLast = flags.all || results.length === 1;
    if (isLast && !flags.app && (await this.#hasCommandsAlone(packages, args.name, flags))) {
      this.#removeCommands(args.name, flags);
    }
    if (flags.json) this.printJson(results);
  }

  #removeCommands(name: string, flags: PlanFlags): void {
    if (flags['dry-run']) {
      this.note(`Would remove the commands of ${name}; nothing was changed`);
      return;
    }
    const { home, clusterName } = this.pluginPlace(flags);
    if (!removePlugin(home, clusterName, name)) {
      throw new CliError('not-found', `The commands of ${name} are not installed`);
    }
    this.note(`Removed the commands of ${name}`);
  }

  /** Its commands are here, and there is nothing of it on the cluster. */
  async #hasCommandsAlone(packages: CosmosClient, name: string, flags: ClusterFlags): Promise<boolean> {
    const { home, clusterName } = this.pluginPlace(flags);
    return findPlugin(home, clusterName, name) !== undefined && !(await isInstalled(packages, name));
  }
}

const isInstalled = async (packages: CosmosClient, name: string): Promise<boolean> =>
  (await packages.list()).some(
    ({ packageInformation }) => packageInformation.packageDefinition.name === name,
  );
