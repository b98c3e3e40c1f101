import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { planFlag } from '../../../src/cli/flags.ts';

export default class MarathonDeploymentStop extends ClusterCommand {
  static override summary = 'Give a deployment up where it stands';
  static override description =
    `What it has done stays, and the new definitions stay too. To undo them use plenum marathon deployment rollback.`;
  static override examples = [
    '<%= config.bin %> marathon deployment stop 97c136bf-5a28-4821-9d94-480d9fbb01c8',
  ];
  static override args = { id: requiredArgument('Id of the deployment') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonDeploymentStop);
    await this.connectOrPlan(flags).marathon.stopDeployment(args.id);
    if (flags.json) this.printJson({ deploymentId: args.id });
    else this.note(`Deployment ${args.id} is given up`);
  }
}
