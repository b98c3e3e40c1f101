import { optionalArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';

export default class SecretsList extends ClusterCommand {
  static override summary = 'List the paths of secrets';
  static override examples = [
    '<%= config.bin %> security secrets list',
    '<%= config.bin %> security secrets list db',
  ];
  static override args = { path: optionalArgument('Only those below this path') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SecretsList);
    const paths = await this.connect(flags).secrets.list(args.path);
    if (flags.json) this.printJson(paths);
    else for (const path of paths) this.print(path);
  }
}
