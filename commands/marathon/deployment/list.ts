import { absoluteId } from '../../../src/cli/apps/app-id.ts';
import { DEPLOYMENT_COLUMNS } from '../../../src/cli/apps/deployment-table.ts';
import { optionalArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { quietFlag } from '../../../src/cli/flags.ts';

export default class MarathonDeploymentList extends ClusterCommand {
  static override summary = 'List the deployments that are under way';
  static override examples = [
    '<%= config.bin %> marathon deployment list',
    '<%= config.bin %> marathon deployment list /web --json',
  ];
  static override args = { app: optionalArgument('Only those that change the app of this id') };
  static override flags = { quiet: quietFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonDeploymentList);
    const all = await this.connect(flags).marathon.getDeployments();
    const id = args.app === undefined ? undefined : absoluteId(args.app);
    const deployments = all.filter(
      ({ affectedApps, affectedPods }) => id === undefined || [...affectedApps, ...affectedPods].includes(id),
    );
    if (flags.json) return this.printJson(deployments);
    if (flags.quiet) return this.print(deployments.map((deployment) => `${deployment.id}\n`).join(''));
    if (deployments.length === 0)
      this.note(`No deployment is under way${id === undefined ? '' : ` for ${id}`}`);
    await this.printTable(DEPLOYMENT_COLUMNS, deployments);
  }
}
