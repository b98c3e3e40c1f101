import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { MACHINE_COLUMNS, machineRows } from '../../src/cli/maintenance/windows.ts';

export default class MaintenanceList extends ClusterCommand {
  static override summary = 'List the machines that are to be away, and those that are';
  static override examples = ['<%= config.bin %> maintenance list'];

  async run(): Promise<void> {
    const { flags } = await this.parse(MaintenanceList);
    const { mesos } = this.connect(flags);
    const [schedule, status] = await Promise.all([
      mesos.getMaintenanceSchedule(),
      mesos.getMaintenanceStatus(),
    ]);
    if (flags.json) this.printJson({ schedule, status });
    else await this.printTable(MACHINE_COLUMNS, machineRows(schedule, status));
  }
}
