import { boolean } from '@oclif/core/flags';
import { optionalArgument, requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { changeEach } from '../../src/clients/planned-call.ts';

export default class JobKill extends ClusterCommand {
  static override summary = 'End runs of a job';
  static override examples = [
    '<%= config.bin %> job kill nightly 20260102030405abcde',
    '<%= config.bin %> job kill nightly --all',
  ];
  static override args = { job: requiredArgument('Id of the job'), run: optionalArgument('Id of the run') };
  static override flags = { all: boolean({ description: 'All runs of the job' }), 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobKill);
    if ((args.run === undefined) === !flags.all) {
      throw new CliError('usage', 'Name a run, or give --all', {
        hint: `plenum job show runs ${args.job} lists the runs`,
      });
    }
    const { jobs } = this.connectOrPlan(flags);
    const ids = args.run === undefined ? (await jobs.getRuns(args.job)).map(({ id }) => id) : [args.run];
    await changeEach(ids, (id) => jobs.stopRun(args.job, id));
    if (flags.json) this.printJson(ids);
    else this.note(ids.length === 0 ? `Nothing of ${args.job} runs` : `Ending ${ids.join(', ')}`);
  }
}
