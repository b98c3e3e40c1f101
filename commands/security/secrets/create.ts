import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { planFlag } from '../../../src/cli/flags.ts';
import { secretValue, secretValueFlags } from '../../../src/cli/secret-value.ts';

export default class SecretsCreate extends ClusterCommand {
  static override summary = 'Keep a secret for apps';
  static override description =
    `Apps refer to it by its path, in "secrets": {"password": {"source": "db/password"}}, and use it as a variable or a file.`;
  static override examples = [
    '<%= config.bin %> security secrets create db/password --value-file password.txt',
    'pwgen 32 1 | <%= config.bin %> security secrets create db/password --value-file -',
  ];
  static override args = { path: requiredArgument('Path of the secret, such as db/password') };
  static override flags = { ...secretValueFlags(), 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SecretsCreate);
    await this.connectOrPlan(flags).secrets.create(args.path, secretValue(flags));
    if (flags.json) this.printJson({ path: args.path });
    else this.note(`Created the secret ${args.path}`);
  }
}
