import { string } from '@oclif/core/flags';
import { optionalArgument, requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { formatCount } from '../../src/cli/output/format.ts';
import { downloadFiles } from '../../src/cli/tasks/download-files.ts';
import { findTasks } from '../../src/cli/tasks/find-tasks.ts';
import { requireSandbox } from '../../src/cli/tasks/require-sandbox.ts';

export default class TaskDownload extends ClusterCommand {
  static override summary = "Fetch files of a task's sandbox";
  static override description =
    `Folders come with all that is in them. Files of the same names are replaced.`;
  static override examples = [
    '<%= config.bin %> task download web --target-dir web-files',
    `<%= config.bin %> task download web 'std*'`,
    '<%= config.bin %> task download web logs/access.log',
  ];
  static override args = {
    task: requiredArgument('Part of a task id, or a glob'),
    path: optionalArgument('A file, a folder or a glob; default: everything'),
  };
  static override flags = {
    'target-dir': string({ description: 'Where the files go', default: '.', helpValue: 'FOLDER' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskDownload);
    const { mesos, agentFiles } = this.connect(flags);
    const [task, ...others] = findTasks(await mesos.getTasks(), args.task);
    if (!task || others.length > 0) {
      throw new CliError('usage', `${others.length + 1} tasks match "${args.task}"`, {
        details: [task, ...others].map((one) => one?.id ?? ''),
        hint: 'Name one of them',
      });
    }
    const sandbox = await requireSandbox(task, await agentFiles(task.slave_id));
    const fetched: string[] = [];
    const progress = this.createProgress();
    try {
      await downloadFiles({
        sandbox,
        path: args.path ?? '.',
        targetDir: flags['target-dir'],
        onFile: (path) => {
          fetched.push(path);
          progress.say(`Fetching ${path}`);
        },
      });
    } finally {
      progress.stop();
    }
    if (flags.json) this.printJson(fetched);
    else this.note(`Fetched ${formatCount(fetched.length, 'file')} to ${flags['target-dir']}`);
  }
}
