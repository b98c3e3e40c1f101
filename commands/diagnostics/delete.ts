import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { explainMissing } from '../../src/cli/diagnostics/bundles.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { planFlag } from '../../src/cli/flags.ts';

export default class DiagnosticsDelete extends ClusterCommand {
  static override summary = 'Delete an archive; one that is being made is given up';
  static override examples = ['<%= config.bin %> diagnostics delete 6f1d8fd5-9df2-4d4b-8f0b-3a1d7b9c1e2f'];
  static override args = { bundle: requiredArgument('Its id') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DiagnosticsDelete);
    const { diagnostics } = this.connectOrPlan(flags);
    try {
      if (!(await diagnostics.delete(args.bundle))) {
        throw new CliError('conflict', `Bundle ${args.bundle} has already been deleted`);
      }
    } catch (error) {
      throw explainMissing(error, args.bundle);
    }
    if (flags.json) this.printJson({ id: args.bundle });
    else this.print(`Bundle ${args.bundle} deleted`);
  }
}
