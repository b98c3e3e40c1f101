import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { sparkServiceFlag } from '../../src/cli/spark/spark-flags.ts';

export default class SparkStatus extends ClusterCommand {
  static override summary = 'Tell how a program on the package spark is';
  static override examples = ['<%= config.bin %> spark status driver-20260102030405-0000'];
  static override args = { id: requiredArgument('Id of the submission') };
  static override flags = { service: sparkServiceFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SparkStatus);
    const submission = await this.connect(flags).spark(flags.service).getSubmission(args.id);
    if (flags.json) return this.printJson(submission);
    const { driverState, workerHostPort } = submission;
    this.print(workerHostPort === undefined ? driverState : `${driverState} on ${workerHostPort}`);
  }
}
