import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { quietFlag } from '../../src/cli/flags.ts';
import { QUEUE_COLUMNS } from '../../src/cli/job/job-tables.ts';

export default class JobQueue extends ClusterCommand {
  static override summary = 'Show the runs that wait for an agent';
  static override examples = ['<%= config.bin %> job queue', '<%= config.bin %> job queue nightly'];
  static override args = { job: optionalArgument('Only runs of this job') };
  static override flags = { quiet: quietFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobQueue);
    const queue = await this.connect(flags).jobs.getQueue();
    const shown = queue.filter(({ jobId }) => args.job === undefined || jobId === args.job);
    if (args.job !== undefined && shown.length === 0) {
      throw new CliError('not-found', `No run of ${args.job} waits`);
    }
    const rows = shown.flatMap(({ jobId, runs }) => runs.map(({ runId }) => ({ jobId, runId })));
    if (flags.quiet) this.printLines(rows.map(({ runId }) => runId));
    else if (flags.json) this.printJson(shown);
    else await this.printTable(QUEUE_COLUMNS, rows);
  }
}
