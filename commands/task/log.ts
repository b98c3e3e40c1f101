import { boolean } from '@oclif/core/flags';
import { optionalArgument, requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { duration, linesFlag } from '../../src/cli/flags.ts';
import { filterTasks, findTasks } from '../../src/cli/tasks/find-tasks.ts';
import { printLogs } from '../../src/cli/tasks/print-logs.ts';

export default class TaskLog extends ClusterCommand {
  static override summary = 'Print what tasks have written';
  static override description =
    `Prints the end of a file of the task's sandbox, standard output when none is named. With --follow it goes on until the task ends.
When several tasks match, each part is headed by the id of its task. With --json each part is a line of JSON.`;
  static override examples = [
    '<%= config.bin %> task log web',
    '<%= config.bin %> task log web stderr --lines 100',
    '<%= config.bin %> task log web --since 10m',
    '<%= config.bin %> task log --follow web',
    '<%= config.bin %> task log --follow --restarts web',
  ];
  static override args = {
    task: requiredArgument('Part of a task id, or a glob'),
    file: optionalArgument('A file of the sandbox; default: stdout'),
  };
  static override flags = {
    follow: boolean({ description: 'Go on with what is written from now on', char: 'f' }),
    restarts: boolean({
      description: 'With --follow: go on with the tasks that come after them, until it is interrupted',
      dependsOn: ['follow'],
    }),
    lines: linesFlag(),
    since: duration({
      description:
        'Instead what was written in the last so long, such as 10m, by the times that lines begin with; a line without one belongs to the one before',
      helpValue: 'TIME',
    }),
    all: boolean({ description: 'Tasks that have ended too', exclusive: ['completed'] }),
    completed: boolean({ description: 'Only tasks that have ended' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskLog);
    const { mesos, agentFiles, system } = this.connect(flags);
    const which = flags.all ? 'all' : flags.completed ? 'completed' : undefined;
    await printLogs({
      tasks: findTasks(await mesos.getTasks(), args.task, which),
      file: args.file ?? 'stdout',
      lines: flags.lines,
      sinceMs: flags.since === undefined ? undefined : Date.now() - flags.since,
      isFollowed: flags.follow,
      isWanted: flags.restarts ? (task) => filterTasks([task], { pattern: args.task }).length > 0 : undefined,
      isJson: flags.json,
      mesos,
      system,
      agentFiles,
      terminal: this.terminal,
    });
  }
}
