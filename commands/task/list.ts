import { boolean, string } from '@oclif/core/flags';
import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { quietFlag } from '../../src/cli/flags.ts';
import { filterTasks } from '../../src/cli/tasks/find-tasks.ts';
import { TASK_COLUMNS, taskRows } from '../../src/cli/tasks/task-table.ts';

export default class TaskList extends ClusterCommand {
  static override summary = 'List the tasks of all services';
  static override examples = [
    '<%= config.bin %> task list',
    '<%= config.bin %> task list web --all',
    "<%= config.bin %> task list 'web.*' --json",
  ];
  static override args = {
    filter: optionalArgument('Part of a task id, or a glob such as "web.*"'),
  };
  static override flags = {
    all: boolean({ description: 'Those that have ended too', exclusive: ['completed'] }),
    completed: boolean({ description: 'Only those that have ended' }),
    'agent-id': string({ description: 'Only those on this agent', helpValue: 'ID' }),
    quiet: quietFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskList);
    const { mesos } = this.connect(flags);
    const isTable = !flags.json && !flags.quiet;
    // Hardly any task says whose it is, so that is asked for at once, too.
    const [known, slaves, users] = await Promise.all([
      mesos.getTasks(),
      isTable ? mesos.getSlaves() : [],
      isTable ? mesos.getFrameworkUsers() : new Map<string, string>(),
    ]);
    const which = flags.all ? 'all' : flags.completed ? 'completed' : 'active';
    const tasks = filterTasks(known, { pattern: args.filter, agentId: flags['agent-id'], which });
    if (flags.json) return this.printJson(tasks);
    if (flags.quiet) return this.printLines(tasks.map(({ id }) => id));
    const asked = [
      args.filter === undefined ? '' : ` whose id contains "${args.filter}"`,
      flags['agent-id'] === undefined ? '' : ` on agent ${flags['agent-id']}`,
    ].join('');
    if (tasks.length === 0 && asked !== '') {
      throw new CliError('not-found', `There is no task${asked}`, {
        hint: flags.all ? undefined : 'Those that have ended are shown with --all',
      });
    }
    await this.printTable(TASK_COLUMNS, taskRows(tasks, slaves, users));
  }
}
