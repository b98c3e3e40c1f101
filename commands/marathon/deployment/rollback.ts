import { followDeployment } from '../../../src/cli/apps/follow-deployment.ts';
import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { deadlineFlags, dryRunFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonDeploymentRollback extends MarathonCommand {
  static override summary = 'Undo what a deployment under way has changed, by another deployment';
  static override examples = [
    '<%= config.bin %> marathon deployment rollback 97c136bf-5a28-4821-9d94-480d9fbb01c8 --wait',
  ];
  static override args = { id: requiredArgument('Id of the deployment') };
  static override flags = { wait: waitFlag, ...deadlineFlags, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonDeploymentRollback);
    const clients = this.connect(flags);
    if (flags['dry-run'])
      return this.printPreview(clients, flags, (dryRun) => dryRun.rollbackDeployment(args.id));
    const answer = await clients.marathon.rollbackDeployment(
      args.id,
      await this.changeOptions(clients, flags),
    );
    if (flags.json) this.printJson(answer);
    else this.print(`Created deployment ${answer.deploymentId}`);
    if (flags.wait) await followDeployment(answer.deploymentId, this.followOptions(clients, flags));
  }
}
