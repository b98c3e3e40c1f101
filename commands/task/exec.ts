import { randomUUID } from 'node:crypto';
import { boolean, string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { execInTask } from '../../src/cli/tasks/exec-in-task.ts';
import { splitCommand } from '../../src/cli/tasks/split-command.ts';

export default class TaskExec extends ClusterCommand {
  static override summary = 'Run a command inside a task';
  static override description =
    `The command runs in the task's container, as its user and in its sandbox, and ends with this one. Its exit code is the exit code here.
With --interactive it reads standard input. With --tty as well it has a terminal: Ctrl-P Ctrl-Q ends the session, or the keys that PLENUM_DETACH_KEYS names.
Flags stand before the task; whatever follows it is the command's own.`;
  static override examples = [
    '<%= config.bin %> task exec web ls -l',
    '<%= config.bin %> task exec --interactive --tty web bash',
    'cat dump.sql | <%= config.bin %> task exec -i db psql',
  ];
  static override usage = 'task exec [FLAGS] TASK CMD [ARGS…]';
  static override strict = false;
  static override args = {
    task: requiredArgument('Part of the id of a task that runs, or a glob'),
    cmd: requiredArgument('A program, and its arguments after it'),
  };
  static override flags = {
    interactive: boolean({ description: 'Pass standard input on', char: 'i' }),
    tty: boolean({ description: 'Give the command a terminal', char: 't' }),
    user: string({
      description: "The system user to run as; default: the task's",
      char: 'u',
      helpValue: 'USER',
    }),
  };

  async run(): Promise<void> {
    const { own, command } = splitCommand(this.argv, ['--user', '-u', '--cluster', '--timeout']);
    const { args, flags } = await this.parse(TaskExec, own);
    const clients = this.connect(flags);
    await execInTask(clients, this.terminal, {
      task: args.task,
      command: command.length > 0 ? command : [args.cmd],
      sessionId: randomUUID(),
      isInteractive: flags.interactive,
      hasTerminal: flags.tty,
      user: flags.user,
    });
  }
}
