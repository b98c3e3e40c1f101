import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { OLD_DIAGNOSTICS_NOTE, orNewerWay } from '../../../src/cli/diagnostics/node-bundles.ts';
import { planFlag } from '../../../src/cli/flags.ts';

export default class NodeDiagnosticsCreate extends ClusterCommand {
  static override summary = 'Have a bundle made of nodes (DC/OS before 2.0)';
  static override examples = [
    '<%= config.bin %> node diagnostics create all',
    '<%= config.bin %> node diagnostics create masters 10.0.0.12',
  ];
  static override usage = 'node diagnostics create NODE... [FLAGS]';
  static override args = { node: requiredArgument('An address, an id, or all, masters, agents') };
  /** Any number of nodes may follow. */
  static override strict = false;
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(NodeDiagnosticsCreate);
    const { nodeDiagnostics } = this.connectOrPlan(flags);
    this.note(OLD_DIAGNOSTICS_NOTE);
    const nodes = argv as string[];
    const { status, bundle } = await orNewerWay(nodeDiagnostics.create(nodes));
    if (flags.json) this.printJson({ status, bundle });
    else this.print(`${status}${bundle === undefined ? '' : `, available bundle: ${bundle}`}`);
  }
}
