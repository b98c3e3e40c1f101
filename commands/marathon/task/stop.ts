import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { planFlag } from '../../../src/cli/flags.ts';

export default class MarathonTaskStop extends ClusterCommand {
  static override summary = 'Kill one task of an app; Marathon replaces it';
  static override examples = ['<%= config.bin %> marathon task stop web.instance-….1'];
  static override args = { task: requiredArgument('Id of the task') };
  static override flags = {
    'dry-run': planFlag,
    wipe: boolean({ description: 'Take its reservations and volumes away too, with the data on them' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonTaskStop);
    const { tasks = [] } = await this.connectOrPlan(flags).marathonAdmin.deleteTasks([args.task], {
      wipe: flags.wipe,
    });
    const [task] = tasks;
    if (!task) throw new CliError('not-found', `Task '${args.task}' does not exist`);
    this.printJson(task);
  }
}
