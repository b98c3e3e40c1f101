import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { planFlag } from '../../src/cli/flags.ts';

export default class JobRemove extends ClusterCommand {
  static override summary = 'Remove a job with its schedules and its history';
  static override examples = [
    '<%= config.bin %> job remove nightly',
    '<%= config.bin %> job remove nightly --stop-current-job-runs',
  ];
  static override args = { job: requiredArgument('Id of the job') };
  static override flags = {
    'dry-run': planFlag,
    'stop-current-job-runs': boolean({
      description: 'End the runs that are under way; else they are in the way',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobRemove);
    const stopsRuns = flags['stop-current-job-runs'];
    await this.connectOrPlan(flags).jobs.deleteJob(args.job, { stopsRuns });
    if (!flags.json) this.note(`Removed job ${args.job}`);
  }
}
