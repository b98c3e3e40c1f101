import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { findInstalled } from '../../src/cli/catalog/find-installed.ts';
import { RENDER_FLAGS } from '../../src/cli/catalog/package-flags.ts';
import { ServiceChangeCommand } from '../../src/cli/catalog/service-change-command.ts';
import { count, waitFlag, yesFlag } from '../../src/cli/flags.ts';

export default class PackageRollback extends ServiceChangeCommand {
  static override summary = 'Take a package that is installed back to what it was before its last change';
  static override description =
    `Options and version become those of an entry of its history (plenum package history), even when no repository has that version any more. What changes is shown first. Going back to a version that the package does not name among those it can be taken back to is refused unless forced.`;
  static override examples = [
    '<%= config.bin %> package rollback hdfs --dry-run',
    '<%= config.bin %> package rollback hdfs --yes --wait',
    '<%= config.bin %> package rollback hdfs --to 3',
  ];
  static override args = { name: requiredArgument('Name of the package') };
  static override flags = {
    'app-id': { ...RENDER_FLAGS['app-id'], description: 'Which one, when several are installed' },
    to: count({ description: 'Number of the entry of its history to go back to', helpValue: 'NUMBER' }),
    force: boolean({ description: 'Although the package does not say that the version can be gone back to' }),
    yes: yesFlag,
    wait: waitFlag,
    'dry-run': boolean({ description: 'Only tell what would change' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageRollback);
    const { name } = args;
    const clients = this.connect(flags);
    const { packages } = clients;
    const appId = await findInstalled(packages, { name, appId: flags['app-id'] });
    const { to, force } = flags;
    const request = { appId, to, force, rollback: true } as const;
    const carryOut = () => packages.rollbackService({ appId, to, force });
    await this.changeService({ clients, flags, name, request, carryOut });
  }
}
