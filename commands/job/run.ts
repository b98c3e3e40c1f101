import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { planFlag, waitFlag } from '../../src/cli/flags.ts';
import { waitForRun } from '../../src/cli/job/wait-for-run.ts';

export default class JobRun extends ClusterCommand {
  static override summary = 'Run a job now';
  static override description =
    `Prints the id of the run. With --wait the command ends when the run does: with 0 when it has succeeded, with 1 when it has failed.`;
  static override examples = [
    '<%= config.bin %> job run nightly',
    '<%= config.bin %> job run nightly --wait',
  ];
  static override args = { job: requiredArgument('Id of the job') };
  static override flags = { wait: waitFlag, 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobRun);
    const { jobs } = this.connectOrPlan(flags);
    const run = await jobs.startRun(args.job);
    if (flags.json) this.printJson(run);
    else this.print(run.id);
    if (!flags.wait) return;
    const { signal } = this.terminal;
    const progress = this.createProgress();
    await waitForRun(
      { id: run.id, jobId: args.job },
      { jobs, progress, signal, deadline: this.waitDeadline(flags) },
    );
    this.note(`Run ${run.id} of ${args.job} has succeeded`);
  }
}
