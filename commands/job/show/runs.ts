import { string } from '@oclif/core/flags';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { quietFlag } from '../../../src/cli/flags.ts';
import { RUN_COLUMNS } from '../../../src/cli/job/job-tables.ts';

export default class JobShowRuns extends ClusterCommand {
  static override summary = 'Show the runs of a job that are under way';
  static override examples = ['<%= config.bin %> job show runs nightly'];
  static override args = { job: requiredArgument('Id of the job') };
  static override flags = {
    'run-id': string({ description: 'Only this run', helpValue: 'ID' }),
    quiet: quietFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobShowRuns);
    const { jobs } = this.connect(flags);
    const { 'run-id': runId } = flags;
    const runs = runId === undefined ? await jobs.getRuns(args.job) : [await jobs.getRun(args.job, runId)];
    if (flags.quiet) this.printLines(runs.map(({ id }) => id));
    else if (flags.json) this.printJson(runs);
    else await this.printTable(RUN_COLUMNS, runs);
  }
}
