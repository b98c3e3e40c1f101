import { HttpError } from '../../http/http-error.ts';
import type { Schedule } from '../../mesos/generated/maintenance.ts';
import type { MachineID } from '../../mesos/generated/mesos.ts';
import type { MasterState } from '../core/state.ts';

/**
 * Maintenance and draining (mesos.md 3.6, 3.7) on a master that schedules none: there is never a machine in the schedule,
 * so that what Mesos would say about one that is not in it is always the answer.
 */

/** Throws HttpError 400 for the first machine: none is in the schedule. */
export const refuseMachines = (machines: readonly MachineID[] = []): void => {
  const [first] = machines;
  if (first === undefined) return;
  if (!first.hostname && !first.ip) {
    throw new HttpError(400, "Both 'hostname' and 'ip' for a machine are empty");
  }
  throw new HttpError(400, `Machine '${JSON.stringify(first)}' is not part of a maintenance schedule`);
};

/** Throws HttpError unless the schedule is empty: 400 for what is wrong about it, 501 for what is right. */
export const refuseSchedule = ({ windows = [] }: Schedule): void => {
  for (const { machine_ids = [] } of windows) {
    if (machine_ids.length === 0) {
      throw new HttpError(400, 'List of machines in the maintenance window is empty');
    }
  }
  if (windows.length > 0) throw new HttpError(501, 'This master does not schedule maintenance');
};

/** Throws HttpError 400 for an agent that nobody knows, else 501. */
export const refuseDrain = (state: MasterState, agentId: string): never => {
  const isKnown =
    state.agents.has(agentId) || state.recoveredAgents.has(agentId) || state.unreachableAgents.has(agentId);
  throw isKnown
    ? new HttpError(501, 'This master does not drain agents: deactivate the agent and end its tasks')
    : new HttpError(400, 'Unknown agent');
};
