import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { scheduledMachines } from '../../src/cli/maintenance/windows.ts';

export default class MaintenanceStop extends ClusterCommand {
  static override summary = 'Let machines back that were taken down';
  static override description =
    `Their agents have to be started again, and register then. The machines are no longer planned.`;
  static override examples = ['<%= config.bin %> maintenance stop 10.0.0.12'];
  static override usage = 'maintenance stop HOST... [FLAGS]';
  static override args = { host: requiredArgument('Names or addresses of machines') };
  /** Any number of machines. */
  static override strict = false;
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(MaintenanceStop);
    const { mesos } = this.connectOrPlan(flags);
    const machines = scheduledMachines(await mesos.getMaintenanceSchedule(), argv as string[]);
    await mesos.stopMaintenance(machines);
    if (flags.json) this.printJson(machines);
    else this.note(`Back: ${(argv as string[]).join(', ')}`);
  }
}
