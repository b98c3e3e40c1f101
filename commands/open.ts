import { optionalArgument } from '../src/cli/arguments.ts';
import { ClusterCommand } from '../src/cli/cluster-command.ts';
import { openPage } from '../src/cli/output/open-page.ts';

export default class Open extends ClusterCommand {
  static override summary = 'Open the dashboard in a browser, or the page of a service';
  static override description = `Prints the address too, for where there is no browser.`;
  static override examples = ['<%= config.bin %> open', '<%= config.bin %> open hdfs'];
  static override args = { service: optionalArgument('A service whose page is meant') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Open);
    const { cluster } = this.connect(flags);
    const path = args.service === undefined ? '/' : `/service/${encodeURIComponent(args.service)}/`;
    const url = `${cluster.url}${path}`;
    if (flags.json) this.printJson({ url });
    else this.print(url);
    openPage(url);
  }
}
