import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { readWithId } from '../../src/cli/job/job-document.ts';
import { changeEach } from '../../src/clients/planned-call.ts';

export default class JobAdd extends ClusterCommand {
  static override summary = 'Add a job';
  static override description =
    `The definition is JSON, or YAML in a file that ends in .yaml or .yml. With "schedules" in it the job is run at these times.`;
  static override examples = [
    '<%= config.bin %> job add job.json',
    `echo '{"id": "hello", "run": {"cmd": "date", "cpus": 0.1, "mem": 32, "disk": 0}}' | <%= config.bin %> job add`,
  ];
  static override args = { definition: optionalArgument('A file or a URL; default: standard input') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobAdd);
    const { schedules, ...job } = await readWithId(args.definition, { what: 'job', terminal: this.terminal });
    const { jobs } = this.connectOrPlan(flags);
    const changes = [
      () => jobs.createJob(job),
      ...(Array.isArray(schedules) ? schedules : []).map(
        (schedule) => () => jobs.createSchedule(job.id, schedule),
      ),
    ];
    const [added] = await changeEach<() => Promise<object>, object>(changes, (change) => change());
    if (flags.json) this.printJson(added);
    else this.note(`Added job ${job.id}`);
  }
}
