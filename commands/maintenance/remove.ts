import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { planFlag } from '../../src/cli/flags.ts';
import { scheduledMachines, withoutMachines } from '../../src/cli/maintenance/windows.ts';

export default class MaintenanceRemove extends ClusterCommand {
  static override summary = 'Take machines out of the plan';
  static override examples = ['<%= config.bin %> maintenance remove 10.0.0.12'];
  static override usage = 'maintenance remove HOST... [FLAGS]';
  static override args = { host: requiredArgument('Names or addresses of machines') };
  /** Any number of machines. */
  static override strict = false;
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(MaintenanceRemove);
    const { mesos } = this.connectOrPlan(flags);
    const before = await mesos.getMaintenanceSchedule();
    const schedule = withoutMachines(before, scheduledMachines(before, argv as string[]));
    await mesos.updateMaintenanceSchedule(schedule);
    if (flags.json) this.printJson(schedule);
    else this.note(`No longer planned: ${(argv as string[]).join(', ')}`);
  }
}
