import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { planFlag } from '../../../src/cli/flags.ts';

export default class MarathonLeaderDelete extends ClusterCommand {
  static override summary = 'Have the leading Marathon step down';
  static override description = `Another one takes over, or the same one again. Apps and deployments go on.`;
  static override examples = ['<%= config.bin %> marathon leader delete'];
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonLeaderDelete);
    const answer = await this.connectOrPlan(flags).marathonAdmin.deleteLeader();
    if (flags.json) this.printJson(answer);
    else this.print(answer.message);
  }
}
