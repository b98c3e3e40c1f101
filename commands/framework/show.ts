import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { findFramework } from '../../src/cli/frameworks.ts';

export default class FrameworkShow extends ClusterCommand {
  static override summary = 'Show all that the master knows of a framework, as JSON';
  static override examples = ['<%= config.bin %> framework show marathon'];
  static override args = { framework: requiredArgument('Its id, or its name') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(FrameworkShow);
    this.printJson(await findFramework(this.connect(flags).mesos, args.framework));
  }
}
