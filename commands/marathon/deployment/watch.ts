import { findDeployment } from '../../../src/cli/apps/deployment-outcome.ts';
import { DEPLOYMENT_COLUMNS } from '../../../src/cli/apps/deployment-table.ts';
import { followDeployment } from '../../../src/cli/apps/follow-deployment.ts';
import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { optionalArgument } from '../../../src/cli/arguments.ts';
import { duration, positiveCount } from '../../../src/cli/flags.ts';
import { pause } from '../../../src/cli/waiting.ts';
import type { MarathonClient } from '../../../src/clients/marathon-client.ts';

const DEFAULT_INTERVAL_MS = 1_000;

export default class MarathonDeploymentWatch extends MarathonCommand {
  static override summary = 'Wait for a deployment, and tell how far it is and what it waits for';
  static override description =
    `Ends with 0 when the deployment is done, with 1 and the reason when it failed or was rolled back or given up, with 4 when another one took its place, and with 7 and the reasons when it takes longer than --timeout. Without an id all that are under way are waited for.`;
  static override examples = [
    '<%= config.bin %> marathon deployment watch 97c136bf-5a28-4821-9d94-480d9fbb01c8',
    '<%= config.bin %> marathon deployment watch --timeout 5m',
  ];
  static override args = { id: optionalArgument('Id of the deployment; default: all that are under way') };
  static override flags = {
    'max-count': positiveCount({
      description: 'Only look so many times and print what is under way, whether it is done or not',
      helpValue: 'NUMBER',
    }),
    interval: duration({ description: 'With --max-count: how often; default: 1s', helpValue: 'TIME' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonDeploymentWatch);
    const clients = this.connect({ ...flags, wait: true });
    const { 'max-count': maxCount, interval = DEFAULT_INTERVAL_MS } = flags;
    if (maxCount !== undefined) return this.#look(clients.marathon, { id: args.id, maxCount, interval });
    const underWay = (await clients.marathon.getDeployments()).map(({ id }) => id);
    if (args.id !== undefined && !underWay.includes(args.id)) {
      const found = await findDeployment(clients.marathon, args.id);
      if (found === undefined) {
        this.note(`Deployment ${args.id} is not under way: it is done, or never was`);
        if (flags.json) this.printJson([]);
        return;
      }
    }
    const options = this.followOptions(clients, flags);
    const ids = args.id === undefined ? underWay : [args.id];
    for (const id of ids) {
      await followDeployment(id, options);
      if (!flags.json) this.print(`Deployment ${id} is done`);
    }
    if (flags.json) this.printJson(ids);
  }

  /** As the original watches: the table again and again. */
  async #look(
    marathon: Pick<MarathonClient, 'getDeployments'>,
    { id, maxCount, interval }: { id: string | undefined; maxCount: number; interval: number },
  ): Promise<void> {
    for (let count = 1; ; count++) {
      const deployments = (await marathon.getDeployments()).filter(
        (one) => id === undefined || one.id === id,
      );
      if (deployments.length === 0) return;
      await this.printTable(DEPLOYMENT_COLUMNS, deployments);
      if (count === maxCount) return;
      await pause(interval, this.terminal.signal);
    }
  }
}
