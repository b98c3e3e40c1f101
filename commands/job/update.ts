import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { readWithId } from '../../src/cli/job/job-document.ts';

export default class JobUpdate extends ClusterCommand {
  static override summary = 'Replace the definition of a job';
  static override description =
    `Runs that are under way go on as they began. Schedules stay as they are: plenum job schedule update changes them.`;
  static override examples = ['<%= config.bin %> job update job.json'];
  static override args = { definition: optionalArgument('A file or a URL; default: standard input') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobUpdate);
    const { schedules, ...job } = await readWithId(args.definition, { what: 'job', terminal: this.terminal });
    const updated = await this.connectOrPlan(flags).jobs.updateJob(job.id, job);
    if (flags.json) this.printJson(updated);
    else
      this.note(`Updated job ${job.id}${schedules === undefined ? '' : '; its schedules are as they were'}`);
  }
}
