import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { quietFlag } from '../../src/cli/flags.ts';
import { JOB_COLUMNS } from '../../src/cli/job/job-tables.ts';

export default class JobList extends ClusterCommand {
  static override summary = 'List the jobs';
  static override examples = ['<%= config.bin %> job list', '<%= config.bin %> job list --quiet'];
  static override flags = { quiet: quietFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(JobList);
    const jobs = await this.connect(flags).jobs.getJobs(['activeRuns', 'schedules', 'historySummary']);
    if (flags.quiet) this.printLines(jobs.map(({ id }) => id));
    else if (flags.json) this.printJson(jobs);
    else await this.printTable(JOB_COLUMNS, jobs);
  }
}
