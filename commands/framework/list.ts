import { boolean } from '@oclif/core/flags';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { quietFlag } from '../../src/cli/flags.ts';
import { FRAMEWORK_COLUMNS } from '../../src/cli/frameworks.ts';

export default class FrameworkList extends ClusterCommand {
  static override summary = 'List the frameworks, connected or not';
  static override examples = [
    '<%= config.bin %> framework list',
    '<%= config.bin %> framework list --completed',
  ];
  static override flags = {
    completed: boolean({ description: 'Those too that are over' }),
    quiet: quietFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(FrameworkList);
    const answer = await this.connect(flags).mesos.getFrameworks();
    const shown = [...answer.frameworks, ...(flags.completed ? answer.completed_frameworks : [])];
    if (flags.quiet) this.printLines(shown.map(({ id }) => id));
    else if (flags.json) this.printJson(shown);
    else await this.printTable(FRAMEWORK_COLUMNS, shown);
  }
}
