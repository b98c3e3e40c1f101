import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { attachToTask } from '../../src/cli/tasks/attach-to-task.ts';

export default class TaskAttach extends ClusterCommand {
  static override summary = 'Attach this terminal to that of a task';
  static override description =
    `Shows what the task prints from now on, and passes on what is typed. It must have been launched with a terminal (tty_info). Ctrl-P Ctrl-Q detaches, or the keys that PLENUM_DETACH_KEYS names; the task goes on.`;
  static override examples = [
    '<%= config.bin %> task attach shell',
    '<%= config.bin %> task attach --no-stdin shell',
  ];
  static override args = { task: requiredArgument('Part of the id of a task that runs, or a glob') };
  static override flags = {
    'no-stdin': boolean({ description: 'Only show what the task prints' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskAttach);
    await attachToTask(this.connect(flags), this.terminal, {
      task: args.task,
      hasInput: !flags['no-stdin'],
    });
  }
}
