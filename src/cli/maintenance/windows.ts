import type {
  MesosMachine,
  MesosMaintenanceSchedule,
  MesosMaintenanceStatus,
} from '../../clients/mesos-types.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Column } from '../output/table.ts';

const MILLION = 1e6;

/** A machine that is to be away, is being emptied, or is down. */
export interface MachineRow {
  readonly machine: MesosMachine;
  readonly state: 'SCHEDULED' | 'DRAINING' | 'DOWN';
  readonly startMs: number | undefined;
  readonly durationMs: number | undefined;
}

export const machineText = ({ hostname, ip }: MesosMachine): string =>
  hostname !== undefined && ip !== undefined && hostname !== ip
    ? `${hostname} (${ip})`
    : (hostname ?? ip ?? '');

const isSame = (one: MesosMachine, other: MesosMachine): boolean =>
  one.hostname === other.hostname && one.ip === other.ip;

/** Every machine of the schedule, with where it is at. */
export const machineRows = (
  { windows = [] }: MesosMaintenanceSchedule,
  { draining_machines: draining = [], down_machines: down = [] }: MesosMaintenanceStatus,
): MachineRow[] => {
  const stateOf = (machine: MesosMachine): MachineRow['state'] => {
    if (down.some((other) => isSame(machine, other))) return 'DOWN';
    return draining.some(({ id }) => isSame(machine, id)) ? 'DRAINING' : 'SCHEDULED';
  };
  return windows.flatMap(({ machine_ids: machines = [], unavailability: { start, duration } }) =>
    machines.map((machine) => ({
      machine,
      state: stateOf(machine),
      startMs: start.nanoseconds / MILLION,
      durationMs: duration && duration.nanoseconds / MILLION,
    })),
  );
};

export const MACHINE_COLUMNS: readonly Column<MachineRow>[] = [
  { heading: 'MACHINE', value: ({ machine }) => machineText(machine) },
  { heading: 'STATE', value: ({ state }) => state },
  { heading: 'FROM', value: ({ startMs }) => startMs && new Date(startMs).toISOString() },
  {
    heading: 'TO',
    value: ({ startMs = 0, durationMs }) =>
      durationMs === undefined ? 'open end' : new Date(startMs + durationMs).toISOString(),
  },
];

/** The machines of agents by the name or the address that people give. Throws CliError for one that no agent runs on. */
export const findMachines = (
  slaves: readonly { readonly hostname: string; readonly pid: string }[],
  asked: readonly string[],
): MesosMachine[] =>
  asked.map((name) => {
    for (const { hostname, pid } of slaves) {
      const ip = /@(.*):\d+$/.exec(pid)?.[1];
      if (hostname === name || ip === name) return { hostname, ...(ip === undefined ? {} : { ip }) };
    }
    throw new CliError('not-found', `No agent runs on ${name}`, {
      hint: 'plenum node list shows the agents',
    });
  });

/** The machines of the schedule by name or address. Throws CliError for one that is not in it. */
export const scheduledMachines = (
  { windows = [] }: MesosMaintenanceSchedule,
  asked: readonly string[],
): MesosMachine[] => {
  const known = windows.flatMap(({ machine_ids: machines = [] }) => machines);
  return asked.map((name) => {
    const found = known.find(({ hostname, ip }) => hostname === name || ip === name);
    if (found) return found;
    throw new CliError('not-found', `${name} is not in the schedule`, {
      hint: 'plenum maintenance list shows the schedule',
    });
  });
};

/** A schedule without these machines; windows that are empty then are gone. */
export const withoutMachines = (
  { windows = [] }: MesosMaintenanceSchedule,
  machines: readonly MesosMachine[],
): MesosMaintenanceSchedule => ({
  windows: windows.flatMap((window) => {
    const left = (window.machine_ids ?? []).filter((known) => !machines.some((one) => isSame(one, known)));
    return left.length > 0 ? [{ ...window, machine_ids: left }] : [];
  }),
});
