import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { sparkServiceFlag } from '../../src/cli/spark/spark-flags.ts';

export default class SparkKill extends ClusterCommand {
  static override summary = 'End a program on the package spark';
  static override examples = ['<%= config.bin %> spark kill driver-20260102030405-0000'];
  static override args = { id: requiredArgument('Id of the submission') };
  static override flags = { service: sparkServiceFlag, 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SparkKill);
    await this.connectOrPlan(flags).spark(flags.service).kill(args.id);
    if (flags.json) this.printJson([args.id]);
    else this.note(`Ending ${args.id}`);
  }
}
