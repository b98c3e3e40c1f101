import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { openPage } from '../../src/cli/output/open-page.ts';

export default class ClusterOpen extends ClusterCommand {
  static override summary = 'Open the page of a cluster in a browser';
  static override description = `Prints the address too, for where there is no browser.`;
  static override examples = ['<%= config.bin %> cluster open', '<%= config.bin %> cluster open production'];
  static override args = {
    cluster: optionalArgument('Name or id of the cluster; default: the attached one'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ClusterOpen);
    const { cluster } = this.connect({ ...flags, cluster: args.cluster ?? flags.cluster });
    const url = `${cluster.url}/`;
    if (flags.json) this.printJson({ url });
    else this.print(url);
    openPage(url);
  }
}
