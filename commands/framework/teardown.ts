import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { planFlag, yesFlag } from '../../src/cli/flags.ts';
import { findFramework } from '../../src/cli/frameworks.ts';
import { formatCount } from '../../src/cli/output/format.ts';
import { confirmByName } from '../../src/cli/output/prompt.ts';

export default class FrameworkTeardown extends ClusterCommand {
  static override summary = 'Shut a framework down for good, with all its tasks';
  static override description =
    `It cannot register again under its id. What a package installed is better removed with plenum package uninstall.`;
  static override examples = ['<%= config.bin %> framework teardown hello-world'];
  static override args = { framework: requiredArgument('Its id, or its name') };
  static override flags = { yes: yesFlag, 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(FrameworkTeardown);
    const { mesos } = this.connectOrPlan(flags);
    const framework = await findFramework(mesos, args.framework);
    const { id, name, tasks = [] } = framework;
    if (!flags.yes && !flags['dry-run']) {
      await confirmByName(this.terminal, {
        message: `This ends ${name} and its ${formatCount(tasks.length, 'task')} for good. Type its name:`,
        name,
      });
    }
    await mesos.teardown(id);
    if (flags.json) this.printJson(framework);
    else this.note(`Shut down ${name} (${id})`);
  }
}
