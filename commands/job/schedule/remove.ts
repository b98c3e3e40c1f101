import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { planFlag } from '../../../src/cli/flags.ts';

export default class JobScheduleRemove extends ClusterCommand {
  static override summary = 'Remove a schedule of a job';
  static override examples = ['<%= config.bin %> job schedule remove nightly nights'];
  static override args = {
    job: requiredArgument('Id of the job'),
    schedule: requiredArgument('Id of the schedule'),
  };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobScheduleRemove);
    await this.connectOrPlan(flags).jobs.deleteSchedule(args.job, args.schedule);
    if (!flags.json) this.note(`Removed schedule ${args.schedule} of ${args.job}`);
  }
}
