import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';

export default class SecretsGet extends ClusterCommand {
  static override summary = 'Show a secret';
  static override examples = ['<%= config.bin %> security secrets get db/password'];
  static override args = { path: requiredArgument('Path of the secret') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SecretsGet);
    const value = await this.connect(flags).secrets.get(args.path);
    if (flags.json) this.printJson({ path: args.path, value });
    else this.print(value);
  }
}
