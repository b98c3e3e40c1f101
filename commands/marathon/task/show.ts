import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';

export default class MarathonTaskShow extends ClusterCommand {
  static override summary = 'Show a task of an app, as JSON';
  static override examples = ['<%= config.bin %> marathon task show web.instance-….1'];
  static override args = { task: requiredArgument('Id of the task') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonTaskShow);
    const task = (await this.connect(flags).marathon.getTasks()).find(({ id }) => id === args.task);
    if (!task) {
      throw new CliError('not-found', `Task '${args.task}' does not exist`, {
        hint: 'plenum marathon task list shows what there is',
      });
    }
    this.printJson(task);
  }
}
