import { findDeployment } from '../../../src/cli/apps/deployment-outcome.ts';
import { followDeployment } from '../../../src/cli/apps/follow-deployment.ts';
import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { optionalArgument } from '../../../src/cli/arguments.ts';

export default class MarathonDeploymentWatch extends MarathonCommand {
  static override summary = 'Wait for a deployment, and tell how far it is and what it waits for';
  static override description =
    `Ends with 0 when the deployment is done, with 1 and the reason when it failed or was rolled back or given up, with 4 when another one took its place, and with 7 and the reasons when it takes longer than --timeout. Without an id all that are under way are waited for.`;
  static override examples = [
    '<%= config.bin %> marathon deployment watch 97c136bf-5a28-4821-9d94-480d9fbb01c8',
    '<%= config.bin %> marathon deployment watch --timeout 5m',
  ];
  static override args = { id: optionalArgument('Id of the deployment; default: all that are under way') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonDeploymentWatch);
    const clients = this.connect({ ...flags, wait: true });
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
}
