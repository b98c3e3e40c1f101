import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';

export default class JobShow extends ClusterCommand {
  static override summary = 'Show the definition of a job, as JSON';
  static override examples = ['<%= config.bin %> job show nightly'];
  static override args = { job: requiredArgument('Id of the job') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobShow);
    this.printJson(await this.connect(flags).jobs.getJob(args.job));
  }
}
