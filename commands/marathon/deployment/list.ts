import { boolean } from '@oclif/core/flags';
import { absoluteId } from '../../../src/cli/apps/app-id.ts';
import { DEPLOYMENT_COLUMNS, ENDED_DEPLOYMENT_COLUMNS } from '../../../src/cli/apps/deployment-table.ts';
import { pauseHints } from '../../../src/cli/apps/describe-deployment.ts';
import { optionalArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { quietFlag } from '../../../src/cli/flags.ts';
import type { MarathonDeployment } from '../../../src/clients/marathon-types.ts';

type Affected = Pick<MarathonDeployment, 'affectedApps' | 'affectedPods'>;

export default class MarathonDeploymentList extends ClusterCommand {
  static override summary = 'List the deployments that are under way';
  static override examples = [
    '<%= config.bin %> marathon deployment list',
    '<%= config.bin %> marathon deployment list /web --json',
    '<%= config.bin %> marathon deployment list --ended',
  ];
  static override args = { app: optionalArgument('Only those that change the app of this id') };
  static override flags = {
    ended: boolean({ description: 'The latest that are over instead, with how they ended' }),
    quiet: quietFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonDeploymentList);
    const { marathon } = this.connect(flags);
    const id = args.app === undefined ? undefined : absoluteId(args.app);
    const concerns = ({ affectedApps, affectedPods }: Affected): boolean =>
      id === undefined || [...affectedApps, ...affectedPods].includes(id);
    if (flags.ended) {
      const ended = (await marathon.getEndedDeployments()).filter(concerns);
      if (flags.json) return this.printJson(ended);
      if (flags.quiet) return this.print(ended.map((deployment) => `${deployment.id}\n`).join(''));
      return this.printTable(ENDED_DEPLOYMENT_COLUMNS, ended);
    }
    const deployments = (await marathon.getDeployments()).filter(concerns);
    if (flags.json) return this.printJson(deployments);
    if (flags.quiet) return this.print(deployments.map((deployment) => `${deployment.id}\n`).join(''));
    // As ever, so that scripts can wait with it until there is none (cli.md 4.5).
    if (deployments.length === 0) {
      throw new CliError('not-found', `No deployment is under way${id === undefined ? '' : ` for ${id}`}`, {
        hint: 'Those that are over are shown with --ended',
      });
    }
    await this.printTable(DEPLOYMENT_COLUMNS, deployments);
    this.noteLines(deployments.flatMap(pauseHints));
  }
}
