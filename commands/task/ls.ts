import { posix } from 'node:path';
import { boolean } from '@oclif/core/flags';
import { optionalArgument, requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { findTask } from '../../src/cli/tasks/find-tasks.ts';
import { FILE_COLUMNS, listFiles } from '../../src/cli/tasks/list-files.ts';

export default class TaskLs extends ClusterCommand {
  static override summary = "List the files of a task's sandbox";
  static override examples = ['<%= config.bin %> task ls web', '<%= config.bin %> task ls web logs --long'];
  static override args = {
    task: requiredArgument('Part of a task id, or a glob'),
    path: optionalArgument('A folder of the sandbox; default: the sandbox itself'),
  };
  static override flags = {
    long: boolean({ description: 'Print modes, sizes and times', char: 'l' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskLs);
    const { mesos, agentFiles } = this.connect(flags);
    const task = findTask(await mesos.getTasks(), args.task);
    const files = await listFiles(task, args.path ?? '.', agentFiles(task.slave_id));
    if (flags.json) return this.printJson(files);
    if (flags.long) return this.printTable(FILE_COLUMNS, files);
    const names = files.map(({ path, mode }) => `${posix.basename(path)}${mode.startsWith('d') ? '/' : ''}`);
    this.print(names.join('  '));
  }
}
