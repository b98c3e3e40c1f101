import { boolean, string } from '@oclif/core/flags';
import { optionalArgument, requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { linesFlag } from '../../src/cli/flags.ts';
import { findServiceTask } from '../../src/cli/system/find-service-task.ts';
import { printComponentLog } from '../../src/cli/system/print-component-log.ts';
import { findTasks } from '../../src/cli/tasks/find-tasks.ts';
import { printLogs } from '../../src/cli/tasks/print-logs.ts';

const MARATHON = 'marathon';

export default class ServiceLog extends ClusterCommand {
  static override summary = 'Print what the scheduler of a service has written';
  static override examples = [
    '<%= config.bin %> service log hdfs --follow',
    '<%= config.bin %> service log marathon',
  ];
  static override args = {
    service: requiredArgument('Name of the service'),
    file: optionalArgument('A file of its sandbox; default: stdout'),
  };
  static override flags = {
    follow: boolean({ description: 'Go on with what is written from now on', char: 'f' }),
    lines: linesFlag(),
    user: string({ description: 'Has no meaning any more', hidden: true }),
    'ssh-config-file': string({ description: 'Has no meaning any more', hidden: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ServiceLog);
    const { mesos, marathon, system, agentFiles } = this.connect(flags);
    if (args.service === MARATHON) {
      if (args.file !== undefined) throw new CliError('usage', 'Marathon has one log, and no files');
      const query = { agentId: undefined, component: 'dcos-marathon', last: flags.lines };
      const form = flags.json ? 'json' : 'short';
      await printComponentLog(system, query, { form, isFollowed: flags.follow, terminal: this.terminal });
      return;
    }
    const taskId = await findServiceTask(marathon, args.service);
    await printLogs({
      tasks: findTasks(await mesos.getTasks(), taskId, 'all'),
      file: args.file ?? 'stdout',
      lines: flags.lines,
      isFollowed: flags.follow,
      isJson: flags.json,
      mesos,
      system,
      agentFiles,
      terminal: this.terminal,
    });
  }
}
