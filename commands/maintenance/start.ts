import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { planFlag, yesFlag } from '../../src/cli/flags.ts';
import { scheduledMachines } from '../../src/cli/maintenance/windows.ts';
import { confirm } from '../../src/cli/output/prompt.ts';

export default class MaintenanceStart extends ClusterCommand {
  static override summary = 'Take machines down that are planned: their agents are shut down with all tasks';
  static override examples = ['<%= config.bin %> maintenance start 10.0.0.12'];
  static override usage = 'maintenance start HOST... [FLAGS]';
  static override args = { host: requiredArgument('Names or addresses of machines') };
  /** Any number of machines. */
  static override strict = false;
  static override flags = { yes: yesFlag, 'dry-run': planFlag };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(MaintenanceStart);
    const names = (argv as string[]).join(', ');
    const { mesos } = this.connectOrPlan(flags);
    const machines = scheduledMachines(await mesos.getMaintenanceSchedule(), argv as string[]);
    if (!flags.yes && !flags['dry-run'])
      await confirm(this.terminal, `Shut down the agents on ${names}, with all their tasks?`);
    await mesos.startMaintenance(machines);
    if (flags.json) this.printJson(machines);
    else this.note(`Down: ${names}`);
  }
}
