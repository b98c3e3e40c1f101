import { string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { duration, planFlag } from '../../src/cli/flags.ts';
import { findMachines, withoutMachines } from '../../src/cli/maintenance/windows.ts';

const MILLION = 1e6;

export default class MaintenanceAdd extends ClusterCommand {
  static override summary =
    'Plan that machines are away: frameworks are told, and offers say until when they hold';
  static override description =
    `Nothing is killed yet: plenum maintenance start takes the machines down. A machine that is planned already gets the new time.`;
  static override examples = [
    '<%= config.bin %> maintenance add 10.0.0.12 --in 30m --for 2h',
    '<%= config.bin %> maintenance add host-1 host-2 --at 2026-12-01T22:00:00Z',
  ];
  static override usage = 'maintenance add HOST... [--at TIME | --in DURATION] [--for DURATION]';
  static override args = { host: requiredArgument('Names or addresses of machines with agents') };
  /** Any number of machines. */
  static override strict = false;
  static override flags = {
    'dry-run': planFlag,
    at: string({
      description: 'When it begins, in ISO 8601; default: now',
      helpValue: 'TIME',
      exclusive: ['in'],
    }),
    in: duration({ description: 'When it begins, from now', helpValue: 'DURATION' }),
    for: duration({ description: 'How long it takes; default: until it is ended', helpValue: 'DURATION' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(MaintenanceAdd);
    const startMs = flags.at === undefined ? Date.now() + (flags.in ?? 0) : Date.parse(flags.at);
    if (Number.isNaN(startMs)) {
      throw new CliError('usage', `"${flags.at}" is no time`, { hint: 'Such as 2026-12-01T22:00:00Z' });
    }
    const { mesos } = this.connectOrPlan(flags);
    const machines = findMachines(await mesos.getSlaves(), argv as string[]);
    const { windows = [] } = withoutMachines(await mesos.getMaintenanceSchedule(), machines);
    const window = {
      machine_ids: machines,
      unavailability: {
        start: { nanoseconds: startMs * MILLION },
        ...(flags.for === undefined ? {} : { duration: { nanoseconds: flags.for * MILLION } }),
      },
    };
    const schedule = { windows: [...windows, window] };
    await mesos.updateMaintenanceSchedule(schedule);
    if (flags.json) this.printJson(schedule);
    else this.note(`Planned from ${new Date(startMs).toISOString()} on: ${(argv as string[]).join(', ')}`);
  }
}
