import { boolean, string } from '@oclif/core/flags';
import { detach } from '../src/cli/clusters/known-clusters.ts';
import { localClusterName } from '../src/cli/clusters/local-cluster.ts';
import { plenumHome } from '../src/cli/clusters/plenum-home.ts';
import { JsonCommand } from '../src/cli/json-command.ts';
import { formatCount } from '../src/cli/output/format.ts';
import { createProgress } from '../src/cli/output/progress.ts';
import { down } from '../src/cluster/down.ts';

export default class Down extends JsonCommand {
  static override summary = 'Stop a cluster of this machine, and all of its tasks';
  static override description =
    `Stops everything that the cluster started, and nothing else. Its state is kept: plenum up starts it again as it was.
With --purge it is forgotten, with its apps, volumes and logs.`;
  static override examples = ['<%= config.bin %> down', '<%= config.bin %> down --name second --purge'];
  static override flags = {
    name: string({ description: 'Name of the cluster; default: the attached local one, else the only one' }),
    purge: boolean({ description: 'Forget the cluster and everything that it kept' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Down);
    const home = plenumHome(this.terminal.env);
    const name = localClusterName(home, flags.name);
    const progress = createProgress(this.terminal.err, this.terminal.env);
    progress.say(`Stopping cluster ${name} and its tasks`);
    try {
      const result = await down({ home, name, isPurge: flags.purge === true });
      progress.stop();
      if (result.isPurged) detach(home, name);
      if (flags.json) return this.printJson({ name, stopped: result.stopped, purged: result.isPurged });
      const stopped = `Stopped ${formatCount(result.stopped.length, 'process', 'processes')} of cluster ${name}`;
      this.print(result.isPurged ? `${stopped} and forgot what it kept` : stopped);
    } finally {
      progress.stop();
    }
  }
}
