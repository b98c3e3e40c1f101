import { posix } from 'node:path';
import { boolean } from '@oclif/core/flags';
import { optionalArgument, requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { findTasks } from '../../src/cli/tasks/find-tasks.ts';
import { FILE_COLUMNS, listFiles } from '../../src/cli/tasks/list-files.ts';

export default class TaskLs extends ClusterCommand {
  static override summary = "List the files of tasks' sandboxes";
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
    const tasks = findTasks(await mesos.getTasks(), args.task);
    const path = args.path ?? '.';
    const listings = await Promise.all(
      tasks.map(async (task) => ({
        task,
        files: await listFiles(task, path, await agentFiles(task.slave_id)),
      })),
    );
    if (flags.json) return this.printJson(listings.flatMap(({ files }) => files));
    for (const { task, files } of listings) {
      if (listings.length > 1) this.print(`===> ${task.id} <===`);
      if (flags.long) await this.printTable(FILE_COLUMNS, files);
      else this.print(files.map(({ path: file }) => posix.basename(file)).join('  '));
    }
  }
}
