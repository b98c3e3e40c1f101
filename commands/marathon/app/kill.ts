import { boolean, string } from '@oclif/core/flags';
import { checkedAppId } from '../../../src/cli/apps/app-id.ts';
import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { waitForReplacement } from '../../../src/cli/apps/wait-for-app.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { deadlineFlags, forceFlag, planFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonAppKill extends MarathonCommand {
  static override summary = "Kill an app's tasks, which Marathon then replaces";
  static override description =
    `With --scale they are not replaced: the app has so many fewer instances from then on.`;
  static override examples = [
    '<%= config.bin %> marathon app kill /web --wait',
    '<%= config.bin %> marathon app kill /web --host 10.0.0.12',
    '<%= config.bin %> marathon app kill /web --scale',
  ];
  static override args = { id: requiredArgument('Id of the app') };
  static override flags = {
    'dry-run': planFlag,
    scale: boolean({ description: 'Do not replace them', exclusive: ['host'] }),
    host: string({ description: 'Only tasks on the agent of this host name', helpValue: 'NAME' }),
    wipe: boolean({
      description: 'Take their reservations and persistent volumes away too',
      exclusive: ['scale'],
    }),
    wait: waitFlag,
    force: forceFlag,
    ...deadlineFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonAppKill);
    const id = checkedAppId(args.id);
    const clients = this.connectOrPlan(flags);
    if (flags.scale) {
      const answer = await clients.marathon.killTasksAndScale(id, await this.changeOptions(clients, flags));
      return this.finishAppChange(id, answer, { clients, flags, answer });
    }
    const killed = await clients.marathon.killTasks(id, {
      ...(flags.host === undefined ? {} : { host: flags.host }),
      ...(flags.wipe ? { wipe: true } : {}),
    });
    if (flags.json) this.printJson(killed);
    else this.print(`Killed tasks: ${JSON.stringify(killed)}`);
    if (flags.wait) await waitForReplacement(id, killed, this.followOptions(clients, flags));
  }
}
