import { isIPv4 } from 'node:net';
import type { Schedule } from '../../mesos/generated/maintenance.ts';
import type { MachineID, Unavailability } from '../../mesos/generated/mesos.ts';
import type { Store } from '../../store/store.ts';

/**
 * Which machines are out of use when (mesos.md 3.6). Every machine of the schedule is draining until an operator takes it
 * down; one that is brought up again leaves the schedule. All functions return a new record.
 */
export interface Maintenance {
  /** As it was posted, without machines that are up again; undefined while there is none. */
  readonly schedule: Schedule | undefined;
  /** The machines of the schedule, by `machineKey`. */
  readonly machines: ReadonlyMap<string, ScheduledMachine>;
}

export interface ScheduledMachine {
  readonly id: MachineID;
  readonly mode: 'DRAINING' | 'DOWN';
  readonly unavailability: Unavailability;
}

/** Its form in the registry. */
export interface SavedMaintenance {
  schedule: Schedule;
  /** Keys of machines. */
  down: string[];
}

export const MAINTENANCE_KEY = 'maintenance';

/** Machines are the same when both host name, whatever its case, and address are. */
export const machineKey = ({ hostname = '', ip = '' }: MachineID): string =>
  `${hostname.toLowerCase()} ${ip}`;

export const loadMaintenance = (store: Store): Maintenance => {
  const saved = store.get(MAINTENANCE_KEY) as SavedMaintenance | undefined;
  return saved
    ? maintenanceOf(saved.schedule, new Set(saved.down))
    : { schedule: undefined, machines: new Map() };
};

/** What is to be saved; undefined when there is nothing. */
export const savedMaintenance = ({ schedule, machines }: Maintenance): SavedMaintenance | undefined =>
  schedule && { schedule, down: [...downKeys(machines)] };

/** The machines that are down stay so. */
export const withSchedule = ({ machines }: Maintenance, schedule: Schedule): Maintenance =>
  maintenanceOf(schedule, downKeys(machines));

export const withDown = ({ schedule = {}, machines }: Maintenance, ids: readonly MachineID[]): Maintenance =>
  maintenanceOf(schedule, new Set([...downKeys(machines), ...ids.map(machineKey)]));

export const withoutMachines = (
  { schedule, machines }: Maintenance,
  ids: readonly MachineID[],
): Maintenance => {
  const keys = new Set(ids.map(machineKey));
  const windows = (schedule?.windows ?? []).flatMap((window) => {
    const machine_ids = window.machine_ids?.filter((id) => !keys.has(machineKey(id))) ?? [];
    return machine_ids.length === 0 ? [] : [{ ...window, machine_ids }];
  });
  if (windows.length === 0) return { schedule: undefined, machines: new Map() };
  return maintenanceOf({ windows }, downKeys(machines));
};

/** What is wrong about a schedule that is to replace the one there is, in Mesos' words. */
export const scheduleProblem = (
  { windows = [] }: Schedule,
  { machines }: Maintenance,
): string | undefined => {
  const keys = new Set<string>();
  for (const { machine_ids: ids = [], unavailability } of windows) {
    if (ids.length === 0) return 'List of machines in the maintenance window is empty';
    if ((unavailability.duration?.nanoseconds ?? 0) < 0) return "Unavailability 'duration' is negative";
    const problem = idsProblem(ids, keys);
    if (problem !== undefined) return problem;
  }
  for (const [key, { id, mode }] of machines) {
    if (mode !== 'DOWN' || keys.has(key)) continue;
    return `Machine '${JSON.stringify(id)}' is deactivated and cannot be removed from the schedule`;
  }
  return undefined;
};

/** Why machines cannot be taken down, or brought up: all of them have to be in that mode. */
export const machinesProblem = (
  ids: readonly MachineID[],
  { machines }: Maintenance,
  mode: ScheduledMachine['mode'],
): string | undefined => {
  if (ids.length === 0) return 'List of machines is empty';
  const problem = idsProblem(ids, new Set());
  if (problem !== undefined) return problem;
  for (const id of ids) {
    const machine = machines.get(machineKey(id));
    const name = `Machine '${JSON.stringify(id)}'`;
    if (!machine) return `${name} is not part of a maintenance schedule`;
    if (machine.mode === mode) continue;
    return `${name} is not in ${mode} mode and cannot be brought ${mode === 'DOWN' ? 'up' : 'down'}`;
  }
  return undefined;
};

/** Adds the keys of the machines to those that were met before. */
const idsProblem = (ids: readonly MachineID[], keys: Set<string>): string | undefined => {
  for (const id of ids) {
    if (!id.hostname && !id.ip) return "Both 'hostname' and 'ip' for a machine are empty";
    if (id.ip && !isIPv4(id.ip)) return `Failed to parse the IP: ${id.ip}`;
    const key = machineKey(id);
    if (keys.has(key)) return `Machine '${JSON.stringify(id)}' appears more than once in the schedule`;
    keys.add(key);
  }
  return undefined;
};

const maintenanceOf = (schedule: Schedule, down: ReadonlySet<string>): Maintenance => {
  const machines = new Map<string, ScheduledMachine>();
  for (const { machine_ids = [], unavailability } of schedule.windows ?? []) {
    for (const id of machine_ids) {
      const key = machineKey(id);
      machines.set(key, { id, mode: down.has(key) ? 'DOWN' : 'DRAINING', unavailability });
    }
  }
  return { schedule, machines };
};

const downKeys = (machines: Maintenance['machines']): Set<string> =>
  new Set([...machines].flatMap(([key, { mode }]) => (mode === 'DOWN' ? [key] : [])));
