import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { OLD_DIAGNOSTICS_NOTE, orNewerWay } from '../../../src/cli/diagnostics/node-bundles.ts';
import { planFlag } from '../../../src/cli/flags.ts';

export default class NodeDiagnosticsCancel extends ClusterCommand {
  static override summary = 'Give up the bundle that is being made (DC/OS before 2.0)';
  static override examples = ['<%= config.bin %> node diagnostics cancel'];
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(NodeDiagnosticsCancel);
    const { nodeDiagnostics } = this.connectOrPlan(flags);
    this.note(OLD_DIAGNOSTICS_NOTE);
    const status = await orNewerWay(nodeDiagnostics.cancel());
    if (flags.json) this.printJson({ status });
    else this.print(status);
  }
}
