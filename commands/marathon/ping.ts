import { boolean } from '@oclif/core/flags';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { ApiError } from '../../src/clients/api-error.ts';
import type { SystemClient } from '../../src/clients/system-client.ts';

export default class MarathonPing extends ClusterCommand {
  static override summary = 'Ask whether Marathon answers';
  static override examples = ['<%= config.bin %> marathon ping', '<%= config.bin %> marathon ping --once'];
  static override flags = {
    once: boolean({ description: 'Ask once, however many masters there are' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonPing);
    const { marathonAdmin, system } = this.connect(flags);
    const masters = flags.once ? 1 : await countMasters(system);
    let answer = '';
    // Behind a balancer each may be answered by another Marathon.
    for (let asked = 0; asked < masters; asked++) answer = await marathonAdmin.ping();
    if (flags.json) this.printJson(answer);
    else this.print(`Marathon ping response[${masters}x]: "${answer}"`);
  }
}

/** One where the cluster resolves no names. */
const countMasters = async (system: SystemClient): Promise<number> => {
  try {
    return Math.max((await system.resolve('master.mesos')).length, 1);
  } catch (error) {
    if (error instanceof ApiError && error.status !== undefined) return 1;
    throw error;
  }
};
