import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { findInstalled } from '../../src/cli/catalog/find-installed.ts';
import { RENDER_FLAGS } from '../../src/cli/catalog/package-flags.ts';
import { readOptions } from '../../src/cli/catalog/read-options.ts';
import { ServiceChangeCommand } from '../../src/cli/catalog/service-change-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { waitFlag, yesFlag } from '../../src/cli/flags.ts';

export default class PackageUpdate extends ServiceChangeCommand {
  static override summary = 'Change the options or the version of a package that is installed';
  static override description =
    `Options are laid over those that were given before, or take their place with --replace. What changes in the options and in the app is shown first; versions that the package does not allow to follow are refused. What ran before is kept: plenum package rollback goes back to it.`;
  static override examples = [
    '<%= config.bin %> package update hdfs --set data_node.count=5 --dry-run',
    '<%= config.bin %> package update hdfs --options options.yaml --yes --wait',
    '<%= config.bin %> package update hdfs --package-version 1.1.0 --wait',
    '<%= config.bin %> package update hdfs --app-id /my-hdfs --options options.yaml --replace',
  ];
  static override args = { name: requiredArgument('Name of the package') };
  static override flags = {
    options: RENDER_FLAGS.options,
    set: RENDER_FLAGS.set,
    'app-id': { ...RENDER_FLAGS['app-id'], description: 'Which one, when several are installed' },
    'package-version': {
      ...RENDER_FLAGS['package-version'],
      description: 'The version to change to; default: the one that is installed',
    },
    replace: boolean({ description: 'Forget the options that were given before' }),
    yes: yesFlag,
    wait: waitFlag,
    'dry-run': boolean({ description: 'Only tell what would change' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageUpdate);
    const { name } = args;
    const options = await readOptions(flags, this.terminal);
    const packageVersion = flags['package-version'];
    if (options === undefined && packageVersion === undefined && !flags.replace) {
      throw new CliError('usage', 'Nothing to change was given', {
        hint: 'Name options with --options or --set, or a version with --package-version',
      });
    }
    const clients = this.connect(flags);
    const { packages } = clients;
    const appId = await findInstalled(packages, { name, appId: flags['app-id'] });
    const request = { appId, packageVersion, options, replace: flags.replace === true };
    const carryOut = () => packages.updateService(request);
    await this.changeService({ clients, flags, name, request, options, carryOut });
  }
}
