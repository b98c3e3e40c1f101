import { boolean } from '@oclif/core/flags';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';

export default class MarathonPing extends ClusterCommand {
  static override summary = 'Ask whether Marathon answers';
  static override examples = ['<%= config.bin %> marathon ping'];
  static override flags = {
    once: boolean({ description: 'As ever: there is one Marathon to ask', hidden: true }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonPing);
    const answer = await this.connect(flags).marathonAdmin.ping();
    if (flags.json) this.printJson(answer);
    else this.print(`Marathon ping response[1x]: "${answer}"`);
  }
}
