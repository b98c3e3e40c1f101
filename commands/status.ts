import { string } from '@oclif/core/flags';
import { clusterJson, clusterText, localClusterName } from '../src/cli/clusters/local-cluster.ts';
import { plenumHome } from '../src/cli/clusters/plenum-home.ts';
import { JsonCommand } from '../src/cli/json-command.ts';
import { clusterStatus } from '../src/cluster/status.ts';

export default class Status extends JsonCommand {
  static override summary = 'Show how a cluster of this machine is, and where its parts are';
  static override description =
    `The state is up, degraded (some of its processes have died) or stopped. Ends with 3 when there is no such cluster.`;
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --name second --json'];
  static override flags = {
    name: string({ description: 'Name of the cluster; default: the attached local one, else the only one' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Status);
    const home = plenumHome(this.terminal.env);
    const status = clusterStatus(home, localClusterName(home, flags.name));
    if (flags.json) this.printJson(clusterJson(status));
    else this.print(clusterText(status));
  }
}
