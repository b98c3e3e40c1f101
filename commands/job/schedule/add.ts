import { optionalArgument, requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { planFlag } from '../../../src/cli/flags.ts';
import { readWithId } from '../../../src/cli/job/job-document.ts';

export default class JobScheduleAdd extends ClusterCommand {
  static override summary = 'Have a job run at given times';
  static override examples = [
    `echo '{"id": "nights", "cron": "30 2 * * *", "timeZone": "Europe/Berlin"}' | <%= config.bin %> job schedule add nightly`,
  ];
  static override args = {
    job: requiredArgument('Id of the job'),
    schedule: optionalArgument('A file or a URL; default: standard input'),
  };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobScheduleAdd);
    const schedule = await readWithId(args.schedule, { what: 'schedule', terminal: this.terminal });
    const added = await this.connectOrPlan(flags).jobs.createSchedule(args.job, schedule);
    if (flags.json) this.printJson(added);
    else this.note(`${args.job} is run next at ${added.nextRunAt ?? 'no time: the schedule is off'}`);
  }
}
