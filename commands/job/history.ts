import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { quietFlag } from '../../src/cli/flags.ts';
import { FINISHED_COLUMNS } from '../../src/cli/job/job-tables.ts';

export default class JobHistory extends ClusterCommand {
  static override summary = 'Show the runs of a job that are over';
  static override examples = [
    '<%= config.bin %> job history nightly',
    '<%= config.bin %> job history nightly --failures',
  ];
  static override args = { job: requiredArgument('Id of the job') };
  static override flags = {
    failures: boolean({ description: 'Those that have failed, instead of those that have succeeded' }),
    last: boolean({ description: 'Only the last one' }),
    quiet: quietFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobHistory);
    const { history } = await this.connect(flags).jobs.getJob(args.job, [
      'activeRuns',
      'schedules',
      'history',
    ]);
    const [all = [], count = 0, last] = flags.failures
      ? [history?.failedFinishedRuns, history?.failureCount, history?.lastFailureAt]
      : [history?.successfulFinishedRuns, history?.successCount, history?.lastSuccessAt];
    const runs = flags.last ? all.slice(0, 1) : all;
    if (flags.quiet) return this.printLines(runs.map(({ id }) => id));
    if (flags.json) return this.printJson(runs);
    const [kind, word] = flags.failures ? ['Failure', 'Failure'] : ['Successful', 'Success'];
    this.print(`"${args.job}"  ${kind} runs: ${count}${last ? ` Last ${word}: ${last}` : ''}`);
    if (runs.length > 0) await this.printTable(FINISHED_COLUMNS, runs);
  }
}
