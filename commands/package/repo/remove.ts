import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { planFlag } from '../../../src/cli/flags.ts';
import { changeEach } from '../../../src/clients/planned-call.ts';

export default class PackageRepoRemove extends ClusterCommand {
  static override summary = 'Remove repositories of packages; what was installed from them stays';
  static override examples = ['<%= config.bin %> package repo remove mine'];
  static override usage = 'package repo remove NAME... [FLAGS]';
  static override args = { name: requiredArgument('Name of the repository; several may follow') };
  static override strict = false;
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(PackageRepoRemove);
    const { packages } = this.connectOrPlan(flags);
    let repositories = await packages.listRepositories();
    await changeEach(argv.map(String), async (name) => {
      repositories = await packages.deleteRepository(name);
      if (!flags.json) this.note(`Removed repository ${name}`);
    });
    if (flags.json) this.printJson({ repositories });
  }
}
