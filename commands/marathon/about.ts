import { ClusterCommand } from '../../src/cli/cluster-command.ts';

export default class MarathonAbout extends ClusterCommand {
  static override summary = 'Show what Marathon says of itself, as JSON';
  static override examples = ['<%= config.bin %> marathon about'];

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonAbout);
    this.printJson(await this.connect(flags).marathonAdmin.getInfo());
  }
}
