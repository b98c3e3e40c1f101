import { isDeepStrictEqual } from 'node:util';
import type { Schedule } from '../../mesos/generated/maintenance.ts';
import type { MachineID, Unavailability } from '../../mesos/generated/mesos.ts';
import { rescindInverseOffers } from './inverse-offers.ts';
import {
  MAINTENANCE_KEY,
  type Maintenance,
  machineKey,
  machinesProblem,
  type ScheduledMachine,
  savedMaintenance,
  scheduleProblem,
  withDown,
  withoutMachines,
  withSchedule,
} from './maintenance-schedule.ts';
import { offersOf, rescindOffer } from './offers.ts';
import { removeAgent } from './remove-agent.ts';
import { type Agent, type MasterState, touch } from './state.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/**
 * What the maintenance of machines does to their agents (mesos.md 3.6). Each function does all of it, or nothing and
 * returns what is wrong, in Mesos' words.
 */

/** A new schedule in the place of the one before. */
export const updateSchedule = (turn: Turn, schedule: Schedule): string | undefined => {
  const problem = scheduleProblem(schedule, turn.state.maintenance);
  if (problem !== undefined) return problem;
  setMaintenance(turn, withSchedule(turn.state.maintenance, schedule));
  return undefined;
};

/** Machines go out of use: their agents are shut down, and are not let in again before the machines are up. */
export const startMaintenance = (turn: Turn, ids: readonly MachineID[]): string | undefined => {
  const { maintenance, agents } = turn.state;
  const problem = machinesProblem(ids, maintenance, 'DRAINING');
  if (problem !== undefined) return problem;
  const message = "Operator initiated 'Machine DOWN'";
  const keys = new Set(ids.map(machineKey));
  for (const agent of [...agents.values()]) {
    if (!keys.has(machineKey(machineIdOf(agent)))) continue;
    turn.toAgent(agent, { type: 'SHUTDOWN', shutdown: { message, keeps_id: true } });
    removeAgent(turn, agent, message);
  }
  setMaintenance(turn, withDown(maintenance, ids));
  return undefined;
};

/** Machines are of use again. */
export const stopMaintenance = (turn: Turn, ids: readonly MachineID[]): string | undefined => {
  const problem = machinesProblem(ids, turn.state.maintenance, 'DOWN');
  if (problem !== undefined) return problem;
  setMaintenance(turn, withoutMachines(turn.state.maintenance, ids));
  return undefined;
};

/** The machine that an agent runs on, as it is in the schedule; undefined when it is not. */
export const machineOf = ({ maintenance }: MasterState, agent: AgentPlace): ScheduledMachine | undefined =>
  maintenance.machines.get(machineKey(machineIdOf(agent)));

export type AgentPlace = Pick<Agent, 'address'> & { info: Pick<Agent['info'], 'hostname'> };

const machineIdOf = ({ info, address }: AgentPlace): MachineID => ({
  hostname: info.hostname,
  ip: address.ip,
});

const setMaintenance = (turn: Turn, maintenance: Maintenance): void => {
  const { state } = turn;
  state.maintenance = maintenance;
  turn.save(MAINTENANCE_KEY, savedMaintenance(maintenance));
  for (const agent of state.agents.values()) {
    setUnavailability(turn, agent, machineOf(state, agent)?.unavailability);
  }
};

/** Frameworks hear of a change by new offers and inverse offers in the place of those that they have. */
const setUnavailability = (turn: Turn, agent: Agent, unavailability: Unavailability | undefined): void => {
  if (isDeepStrictEqual(agent.unavailability, unavailability)) return;
  agent.unavailability = unavailability;
  touch(agent);
  agent.inverseAnswers.clear();
  for (const offer of offersOf(turn, agent.offerIds)) rescindOffer(turn, offer);
  rescindInverseOffers(turn, agent);
  turn.allocator.setUnavailability(agent.id, unavailability);
  wantAllocation(turn, [agent.id]);
};
