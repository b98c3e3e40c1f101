import { string } from '@oclif/core/flags';
import { findVersion } from '../../../src/cli/apps/find-version.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';

export default class MarathonGroupShow extends ClusterCommand {
  static override summary = 'Show a group with its apps, as JSON';
  static override examples = [
    '<%= config.bin %> marathon group show /shop',
    '<%= config.bin %> marathon group show /shop --group-version=-1',
  ];
  static override args = { id: requiredArgument('Id of the group; / is all') };
  static override flags = {
    'group-version': string({
      description: 'A version as a time, or how many back: -1 is the one before the present one',
      helpValue: 'VERSION',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonGroupShow);
    const { groups } = this.connect(flags);
    const { 'group-version': asked } = flags;
    if (asked === undefined) return this.printJson(await groups.getGroup(args.id));
    const version = await findVersion(asked, { id: args.id, versions: () => groups.getVersions(args.id) });
    this.printJson(await groups.getVersion(args.id, version));
  }
}
