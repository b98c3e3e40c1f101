import { ClusterCommand } from '../../../src/cli/cluster-command.ts';

export default class MarathonLeaderDelete extends ClusterCommand {
  static override summary = 'Have the leading Marathon step down';
  static override description = `Another one takes over, or the same one again. Apps and deployments go on.`;
  static override examples = ['<%= config.bin %> marathon leader delete'];

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonLeaderDelete);
    const answer = await this.connect(flags).marathonAdmin.deleteLeader();
    if (flags.json) this.printJson(answer);
    else this.print(answer.message);
  }
}
