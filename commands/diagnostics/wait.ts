import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import {
  bundleId,
  explainMissing,
  incompleteNote,
  waitForBundle,
} from '../../src/cli/diagnostics/bundles.ts';

export default class DiagnosticsWait extends ClusterCommand {
  static override summary = 'Wait until an archive is made';
  static override examples = [
    '<%= config.bin %> diagnostics wait',
    '<%= config.bin %> diagnostics wait --timeout 2m',
  ];
  static override args = { bundle: optionalArgument('Its id; default: the newest') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DiagnosticsWait);
    const { diagnostics } = this.connect({ ...flags, wait: true });
    const id = await bundleId(diagnostics, args.bundle);
    const { signal } = this.terminal;
    try {
      const bundle = await waitForBundle(diagnostics, id, { deadline: this.waitDeadline(flags), signal });
      const incomplete = incompleteNote(bundle);
      if (incomplete !== undefined) this.note(incomplete);
      if (flags.json) this.printJson(bundle);
    } catch (error) {
      throw explainMissing(error, id);
    }
  }
}
