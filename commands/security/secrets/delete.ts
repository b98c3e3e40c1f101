import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { planFlag } from '../../../src/cli/flags.ts';

export default class SecretsDelete extends ClusterCommand {
  static override summary = 'Forget a secret';
  static override examples = ['<%= config.bin %> security secrets delete db/password'];
  static override args = { path: requiredArgument('Path of the secret') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SecretsDelete);
    await this.connectOrPlan(flags).secrets.remove(args.path);
    if (flags.json) this.printJson({ path: args.path });
    else this.note(`Deleted the secret ${args.path}`);
  }
}
