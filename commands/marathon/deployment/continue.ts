import { boolean } from '@oclif/core/flags';
import { followDeployment } from '../../../src/cli/apps/follow-deployment.ts';
import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { planFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonDeploymentContinue extends MarathonCommand {
  static override summary = 'Have a canary or blue-green upgrade go on that is paused';
  static override description =
    `It goes on to its next step, before its time too. New instances that are not healthy are no reason to go on; to undo the upgrade use plenum marathon deployment rollback.`;
  static override examples = [
    '<%= config.bin %> marathon deployment continue 97c136bf-5a28-4821-9d94-480d9fbb01c8',
    '<%= config.bin %> marathon deployment continue 97c136bf-5a28-4821-9d94-480d9fbb01c8 --all --wait',
  ];
  static override args = { id: requiredArgument('Id of the deployment') };
  static override flags = {
    'dry-run': planFlag,
    all: boolean({ description: 'Leave out all its later pauses too' }),
    force: boolean({ description: 'Also when the new instances are not healthy' }),
    wait: waitFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonDeploymentContinue);
    const clients = this.connectOrPlan(flags);
    const { all, force } = flags;
    const answer = await clients.marathon.continueDeployment(args.id, { all, force });
    if (flags.json) this.printJson(answer);
    else this.note(`${answer.continued.join(', ')} goes on`);
    if (flags.wait) await followDeployment(args.id, this.followOptions(clients, flags));
  }
}
