import { boolean } from '@oclif/core/flags';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { quietFlag } from '../../src/cli/flags.ts';
import { chooseServices, SERVICE_COLUMNS } from '../../src/cli/services.ts';

export default class ServiceList extends ClusterCommand {
  static override summary = 'List the services: the frameworks that are registered at the master';
  static override examples = [
    '<%= config.bin %> service list',
    '<%= config.bin %> service list --inactive --completed --json',
  ];
  static override flags = {
    inactive: boolean({ description: 'Those too that are disconnected or deactivated' }),
    completed: boolean({ description: 'Those too that have been shut down' }),
    quiet: quietFlag,
    'id-only': boolean({ description: 'Print ids only, one a line', exclusive: ['quiet'] }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceList);
    const { mesos } = this.connect(flags);
    const services = chooseServices(await mesos.getFrameworks(), {
      withInactive: flags.inactive,
      withCompleted: flags.completed,
    });
    if (flags.json) return this.printJson(services);
    if (flags['id-only']) return this.printLines(services.map(({ id }) => id));
    if (flags.quiet) return this.printLines(services.map(({ name }) => name));
    await this.printTable(SERVICE_COLUMNS, services);
  }
}
