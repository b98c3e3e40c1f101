import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import {
  checkedBundleName,
  OLD_DIAGNOSTICS_NOTE,
  orNewerWay,
} from '../../../src/cli/diagnostics/node-bundles.ts';
import { planFlag } from '../../../src/cli/flags.ts';

export default class NodeDiagnosticsDelete extends ClusterCommand {
  static override summary = 'Delete a bundle (DC/OS before 2.0)';
  static override examples = ['<%= config.bin %> node diagnostics delete bundle-1.zip'];
  static override args = { bundle: requiredArgument('Its name') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(NodeDiagnosticsDelete);
    const { nodeDiagnostics } = this.connectOrPlan(flags);
    this.note(OLD_DIAGNOSTICS_NOTE);
    const name = checkedBundleName(args.bundle);
    const status = await orNewerWay(nodeDiagnostics.delete(name));
    if (flags.json) this.printJson({ status });
    else this.print(status);
  }
}
