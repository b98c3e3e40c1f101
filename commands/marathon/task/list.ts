import { absoluteId } from '../../../src/cli/apps/app-id.ts';
import { MARATHON_TASK_COLUMNS } from '../../../src/cli/apps/task-table.ts';
import { optionalArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { quietFlag } from '../../../src/cli/flags.ts';

export default class MarathonTaskList extends ClusterCommand {
  static override summary = 'List the tasks of apps as Marathon sees them, with their health';
  static override examples = [
    '<%= config.bin %> marathon task list',
    '<%= config.bin %> marathon task list /web',
  ];
  static override args = { app: optionalArgument('Only tasks of this app') };
  static override flags = { quiet: quietFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonTaskList);
    const wanted = args.app === undefined ? undefined : absoluteId(args.app);
    const all = await this.connect(flags).marathon.getTasks();
    const tasks = all
      .filter(({ appId }) => wanted === undefined || appId === wanted)
      .sort((one, other) => one.appId.localeCompare(other.appId));
    if (flags.quiet) this.printLines(tasks.map(({ id }) => id));
    else if (flags.json) this.printJson(tasks);
    else await this.printTable(MARATHON_TASK_COLUMNS, tasks);
  }
}
