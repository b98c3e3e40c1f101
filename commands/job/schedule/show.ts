import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { SCHEDULE_COLUMNS } from '../../../src/cli/job/job-tables.ts';

export default class JobScheduleShow extends ClusterCommand {
  static override summary = 'Show when a job is run';
  static override examples = ['<%= config.bin %> job schedule show nightly'];
  static override args = { job: requiredArgument('Id of the job') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobScheduleShow);
    const schedules = await this.connect(flags).jobs.getSchedules(args.job);
    if (flags.json) this.printJson(schedules);
    else await this.printTable(SCHEDULE_COLUMNS, schedules);
  }
}
