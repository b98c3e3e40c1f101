import { string } from '@oclif/core/flags';
import { checkedAppId } from '../../../src/cli/apps/app-id.ts';
import { findVersion } from '../../../src/cli/apps/find-version.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';

export default class MarathonAppShow extends ClusterCommand {
  static override summary = 'Print an app as JSON';
  static override examples = [
    '<%= config.bin %> marathon app show /web',
    '<%= config.bin %> marathon app show /web --app-version=-1',
  ];
  static override args = { id: requiredArgument('Id of the app') };
  static override flags = {
    'app-version': string({
      description: 'As it was: a version, or how many versions back, such as -1',
      helpValue: 'VERSION',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonAppShow);
    const id = checkedAppId(args.id);
    const { marathon } = this.connect(flags);
    const wanted = flags['app-version'];
    if (wanted === undefined) return this.printJson(await marathon.getApp(id));
    this.printJson(
      await marathon.getVersion(
        id,
        await findVersion(wanted, { id, versions: () => marathon.getVersions(id) }),
      ),
    );
  }
}
