import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';

export default class JobScheduleRemove extends ClusterCommand {
  static override summary = 'Remove a schedule of a job';
  static override examples = ['<%= config.bin %> job schedule remove nightly nights'];
  static override args = {
    job: requiredArgument('Id of the job'),
    schedule: requiredArgument('Id of the schedule'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobScheduleRemove);
    await this.connect(flags).jobs.deleteSchedule(args.job, args.schedule);
    if (!flags.json) this.note(`Removed schedule ${args.schedule} of ${args.job}`);
  }
}
