import { string } from '@oclif/core/flags';
import { APP_COLUMNS, appRows } from '../../../src/cli/apps/app-table.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { quietFlag } from '../../../src/cli/flags.ts';

export default class MarathonAppList extends ClusterCommand {
  static override summary = 'List the apps, and what is under way with them';
  static override examples = [
    '<%= config.bin %> marathon app list',
    '<%= config.bin %> marathon app list --label tier==web --json',
  ];
  static override flags = {
    id: string({ description: 'Only apps whose id contains this', helpValue: 'TEXT' }),
    label: string({ description: 'Only apps that a label selector fits', helpValue: 'SELECTOR' }),
    quiet: quietFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonAppList);
    const { marathon } = this.connect(flags);
    const query = {
      ...(flags.id === undefined ? {} : { id: flags.id }),
      ...(flags.label === undefined ? {} : { label: flags.label }),
    };
    if (flags.json) return this.printJson(await marathon.getApps(query));
    if (flags.quiet) {
      const ids = (await marathon.getApps(query)).map(({ id }) => id).sort();
      return this.print(ids.map((id) => `${id}\n`).join(''));
    }
    const [apps, deployments, queue] = await Promise.all([
      marathon.getApps(query),
      marathon.getDeployments(),
      marathon.getQueue(),
    ]);
    await this.printTable(APP_COLUMNS, appRows(apps, deployments, queue));
  }
}
