import { optionalArgument, requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { planFlag } from '../../../src/cli/flags.ts';
import { readWithId } from '../../../src/cli/job/job-document.ts';

export default class JobScheduleUpdate extends ClusterCommand {
  static override summary = 'Replace a schedule of a job';
  static override examples = ['<%= config.bin %> job schedule update nightly schedule.json'];
  static override args = {
    job: requiredArgument('Id of the job'),
    schedule: optionalArgument('A file or a URL; default: standard input'),
  };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobScheduleUpdate);
    const schedule = await readWithId(args.schedule, { what: 'schedule', terminal: this.terminal });
    const updated = await this.connectOrPlan(flags).jobs.updateSchedule(args.job, schedule.id, schedule);
    if (flags.json) this.printJson(updated);
    else this.note(`${args.job} is run next at ${updated.nextRunAt ?? 'no time: the schedule is off'}`);
  }
}
