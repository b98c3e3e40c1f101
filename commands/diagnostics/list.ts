import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { bundleColumns, clusterBundles } from '../../src/cli/diagnostics/bundles.ts';
import { quietFlag } from '../../src/cli/flags.ts';

export default class DiagnosticsList extends ClusterCommand {
  static override summary = 'List the archives that were made';
  static override examples = ['<%= config.bin %> diagnostics list'];
  static override flags = { quiet: quietFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(DiagnosticsList);
    const bundles = await this.connect(flags).diagnostics.list();
    if (flags.json) return this.printJson(bundles);
    const shown = clusterBundles(bundles);
    if (flags.quiet) return this.printLines(shown.map(({ id }) => id));
    await this.printTable(bundleColumns(Date.now()), shown);
  }
}
