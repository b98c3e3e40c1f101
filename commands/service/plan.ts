import { requiredArgument } from '../../src/cli/arguments.ts';
import type { Column } from '../../src/cli/output/table.ts';
import { ServiceSchedulerCommand } from '../../src/cli/service-scheduler-command.ts';
import type { DeployStep } from '../../src/clients/service-scheduler-client.ts';

const COLUMNS: readonly Column<DeployStep>[] = [
  { heading: 'TASK', value: ({ name }) => name },
  {
    heading: 'STATUS',
    value: ({ status }) => status,
    style: ({ status }, paint) => (status === 'COMPLETE' ? paint.good : paint.bad),
  },
  { heading: 'MESSAGE', value: ({ message }) => message },
];

export default class ServicePlan extends ServiceSchedulerCommand {
  static override summary =
    'Show how far the scheduler of a service is with deploying it, and what holds it up';
  static override examples = ['<%= config.bin %> service plan kafka'];
  static override args = { service: requiredArgument('Name of the service') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ServicePlan);
    const steps = await this.scheduler(args.service, flags).getDeploySteps();
    if (flags.json) return this.printJson(steps);
    await this.printTable(COLUMNS, steps);
  }
}
