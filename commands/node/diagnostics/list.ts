import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { bundleLines, OLD_DIAGNOSTICS_NOTE, orNewerWay } from '../../../src/cli/diagnostics/node-bundles.ts';

export default class NodeDiagnosticsList extends ClusterCommand {
  static override summary = 'List the bundles that masters have (DC/OS before 2.0)';
  static override examples = ['<%= config.bin %> node diagnostics list'];

  async run(): Promise<void> {
    const { flags } = await this.parse(NodeDiagnosticsList);
    const { nodeDiagnostics } = this.connect(flags);
    this.note(OLD_DIAGNOSTICS_NOTE);
    const bundles = await orNewerWay(nodeDiagnostics.list());
    if (flags.json) return this.printJson(bundles);
    const lines = bundleLines(bundles);
    this.printLines(lines.length === 0 ? [] : ['Available diagnostic bundles:', ...lines]);
  }
}
