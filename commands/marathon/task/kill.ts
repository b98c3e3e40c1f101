import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { planFlag } from '../../../src/cli/flags.ts';

export default class MarathonTaskKill extends ClusterCommand {
  static override summary = 'Kill tasks of apps; Marathon replaces them, unless their apps are scaled down';
  static override examples = [
    '<%= config.bin %> marathon task kill web.instance-….1 web.instance-….2',
    '<%= config.bin %> marathon task kill web.instance-….1 --scale',
  ];
  static override usage = 'marathon task kill TASK... [FLAGS]';
  static override args = { task: requiredArgument('Ids of tasks') };
  /** Any number of ids. */
  static override strict = false;
  static override flags = {
    'dry-run': planFlag,
    scale: boolean({ description: 'Have the apps run so many fewer instances from then on' }),
    wipe: boolean({ description: 'Take their reservations and volumes away too, with the data on them' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(MarathonTaskKill);
    const { scale, wipe } = flags;
    const answer = await this.connectOrPlan(flags).marathonAdmin.deleteTasks(argv as string[], {
      scale,
      wipe,
    });
    const killed = (answer.tasks ?? []).map(({ id }) => id);
    if (flags.json) this.printJson(answer);
    else if (answer.deploymentId !== undefined) this.print(`Created deployment: ${answer.deploymentId}`);
    else this.print(`Killed tasks: [${killed.map((id) => `'${id}'`).join(', ')}]`);
    if (!scale && killed.length === 0) {
      throw new CliError('not-found', 'None of these tasks is known to Marathon', {
        hint: 'plenum marathon task list shows what there is',
      });
    }
  }
}
