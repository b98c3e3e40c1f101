import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { OLD_DIAGNOSTICS_NOTE, orNewerWay } from '../../../src/cli/diagnostics/node-bundles.ts';

export default class NodeDiagnosticsStatus extends ClusterCommand {
  static override summary = 'Tell what bundles masters are making (DC/OS before 2.0)';
  static override examples = ['<%= config.bin %> node diagnostics status'];

  async run(): Promise<void> {
    const { flags } = await this.parse(NodeDiagnosticsStatus);
    const { nodeDiagnostics } = this.connect(flags);
    this.note(OLD_DIAGNOSTICS_NOTE);
    const status = await orNewerWay(nodeDiagnostics.getStatus());
    if (flags.json) return this.printJson(status);
    for (const [master, facts] of Object.entries(status)) {
      this.printLines([master, ...Object.entries(facts).map(([key, value]) => `  ${key}: ${textOf(value)}`)]);
    }
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? []));
