import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { planFlag, yesFlag } from '../../src/cli/flags.ts';
import { formatCount } from '../../src/cli/output/format.ts';
import { confirmByName } from '../../src/cli/output/prompt.ts';

export default class ServiceShutdown extends ClusterCommand {
  static override summary = 'Shut a service down for good, with all its tasks';
  static override description =
    `The framework is torn down at the master and cannot register again under its id. What a package installed is better removed with plenum package uninstall.`;
  static override examples = [
    '<%= config.bin %> service shutdown 6b0d2c8e-51a7-4c58-9d4e-0f7a3c1e9b20-0001',
    '<%= config.bin %> service shutdown 6b0d2c8e-51a7-4c58-9d4e-0f7a3c1e9b20-0001 --yes',
  ];
  static override args = { id: requiredArgument('Id of the framework, as plenum service list prints it') };
  static override flags = { yes: yesFlag, 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ServiceShutdown);
    const { mesos } = this.connectOrPlan(flags);
    const { frameworks } = await mesos.getFrameworks();
    const service = frameworks.find(({ id }) => id === args.id);
    if (!service) {
      throw new CliError('not-found', `There is no service with the id ${args.id}`, {
        hint: 'plenum service list prints the ids',
      });
    }
    if (!flags.yes && !flags['dry-run']) {
      await confirmByName(this.terminal, {
        message: `This ends ${service.name} and its ${formatCount(service.tasks?.length ?? 0, 'task')} for good. Type its name:`,
        name: service.name,
      });
    }
    await mesos.teardown(service.id);
    if (flags.json) this.printJson(service);
    else this.note(`Shut down ${service.name} (${service.id})`);
  }
}
