import { checkedAppId } from '../../../../src/cli/apps/app-id.ts';
import { requiredArgument } from '../../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../../src/cli/cluster-command.ts';
import { positiveCount } from '../../../../src/cli/flags.ts';

export default class MarathonAppVersionList extends ClusterCommand {
  static override summary = 'List the versions of an app as JSON, the newest first';
  static override examples = ['<%= config.bin %> marathon app version list /web --max-count 5'];
  static override args = { id: requiredArgument('Id of the app') };
  static override flags = {
    'max-count': positiveCount({ description: 'How many at most', helpValue: 'NUMBER' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonAppVersionList);
    const versions = await this.connect(flags).marathon.getVersions(checkedAppId(args.id));
    this.printJson(versions.slice(0, flags['max-count']));
  }
}
