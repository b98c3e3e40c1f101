import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { planFlag } from '../../../src/cli/flags.ts';
import { secretValue, secretValueFlags } from '../../../src/cli/secret-value.ts';

export default class SecretsUpdate extends ClusterCommand {
  static override summary = 'Give a secret another value';
  static override description =
    'Tasks that run keep the value that they were started with: restart the apps that use it.';
  static override examples = [
    '<%= config.bin %> security secrets update db/password --value-file password.txt',
  ];
  static override args = { path: requiredArgument('Path of the secret') };
  static override flags = { ...secretValueFlags(), 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SecretsUpdate);
    await this.connectOrPlan(flags).secrets.update(args.path, secretValue(flags));
    if (flags.json) this.printJson({ path: args.path });
    else this.note(`Changed the secret ${args.path}`);
  }
}
