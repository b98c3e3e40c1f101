import { HttpError } from '../../http/http-error.ts';
import type { InverseOfferStatus } from '../../mesos/generated/allocator.ts';
import type { ClusterStatus, Schedule } from '../../mesos/generated/maintenance.ts';
import type { DurationInfo, MachineID } from '../../mesos/generated/mesos.ts';
import type { Duration } from '../../mesos/generated/protobuf.ts';
import { machineOf } from '../core/maintenance.ts';
import type { ScheduledMachine } from '../core/maintenance-schedule.ts';
import type { MasterState } from '../core/state.ts';

/** Maintenance and draining (mesos.md 3.6, 3.7) as the v1 and the v0 API show and take them. */

type IsShown = (machine: MachineID) => boolean;

export const maintenanceSchedule = ({ maintenance }: MasterState, isShown: IsShown): Schedule => {
  const { windows, ...rest } = maintenance.schedule ?? {};
  if (windows === undefined) return rest;
  const shown = windows.map((window) => ({
    ...window,
    machine_ids: (window.machine_ids ?? []).filter(isShown),
  }));
  return { ...rest, windows: shown.filter(({ machine_ids }) => machine_ids.length > 0) };
};

/** The machines that are draining, with the frameworks' answers, and those that are down. Empty lists are left out. */
export const maintenanceStatus = (state: MasterState, isShown: IsShown): ClusterStatus => {
  const answers = answersByMachine(state);
  const machines = [...state.maintenance.machines.values()].filter(({ id }) => isShown(id));
  const draining_machines = machines
    .filter(({ mode }) => mode === 'DRAINING')
    .map((machine) => {
      const statuses = answers.get(machine) ?? [];
      return { id: machine.id, ...(statuses.length === 0 ? {} : { statuses }) };
    });
  const down_machines = machines.filter(({ mode }) => mode === 'DOWN').map(({ id }) => id);
  return {
    ...(draining_machines.length === 0 ? {} : { draining_machines }),
    ...(down_machines.length === 0 ? {} : { down_machines }),
  };
};

/** What was said about all agents of a machine. */
const answersByMachine = (state: MasterState): Map<ScheduledMachine, InverseOfferStatus[]> => {
  const answers = new Map<ScheduledMachine, InverseOfferStatus[]>();
  for (const agent of state.agents.values()) {
    const machine = machineOf(state, agent);
    if (!machine) continue;
    answers.set(machine, [...(answers.get(machine) ?? []), ...agent.inverseAnswers.values()]);
  }
  return answers;
};

/** The largest number of nanoseconds that a duration of Mesos can hold. */
const MAX_NANOSECONDS = 2 ** 63;

/** Throws HttpError 400 for a grace period that is none. */
export const gracePeriodOf = (duration: Duration | undefined): DurationInfo | undefined => {
  if (duration === undefined) return undefined;
  const { seconds = 0, nanos = 0 } = duration;
  const nanoseconds = seconds * 1e9 + nanos;
  if (nanoseconds >= 0 && nanoseconds < MAX_NANOSECONDS) return { nanoseconds };
  throw new HttpError(400, `Invalid 'max_grace_period': ${seconds}s ${nanos}ns is no duration of 0 or more`);
};
