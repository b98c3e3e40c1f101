import type { SubscribeAgent } from '../../mesos/agent-protocol.ts';
import { roleNameProblem } from '../../mesos/role-name.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { adoptReport, correctFrameworks } from './adopt-report.ts';
import { agentAt, index, unindex } from './agent-index.ts';
import { admitted, agentInfoOf, allocateFromRecord, saveAgent, totalOf } from './agents.ts';
import { resumeAllocation } from './allocation.ts';
import { keepAgent } from './give-up-agents.ts';
import { idProblem } from './id-problem.ts';
import { rescindInverseOffers } from './inverse-offers.ts';
import { startPinging } from './liveness.ts';
import { type AgentPlace, machineOf } from './maintenance.ts';
import { discardOffer, offersOf } from './offers.ts';
import { unreachableKey } from './registry.ts';
import { removeAgent } from './remove-agent.ts';
import type { AdmittedAgent, Agent } from './state.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/**
 * An agent subscribes (mesos.md 4.2): for the first time, after its own restart or a broken connection, after this
 * master's, or after it had been given up. Its admission is durable before it hears of it.
 */
export const subscribeAgent = (turn: Turn, streamId: string, report: SubscribeAgent): void => {
  const doubt = domainProblem(turn, report);
  if (doubt !== undefined) {
    // As in Mesos it is not told to end: what it runs goes on while somebody looks into it.
    turn.do({ type: 'close-agent', streamId });
    turn.log('ignored an agent', { address: report.address, reason: doubt }, 'warn');
    return;
  }
  const refusal = refusalOf(turn, report);
  if (refusal !== undefined) {
    const shutdown = { message: refusal, ...(refusal === MACHINE_DOWN ? { keeps_id: true } : {}) };
    turn.do({ type: 'send-agent', streamId, event: { type: 'SHUTDOWN', shutdown } });
    turn.do({ type: 'close-agent', streamId });
    turn.log('refused an agent', { address: report.address, reason: refusal }, 'warn');
    return;
  }
  const id = report.agent_info.id?.value ?? idAtAddress(turn, report) ?? newAgentId(turn);
  keepAgent(turn, id);
  const known = turn.state.agents.get(id);
  if (known) reregister(turn, known, streamId, report);
  else admit(turn, id, streamId, report);
  resumeAllocation(turn, false);
};

const MACHINE_DOWN = 'Machine is `DOWN`';

const refusalOf = ({ state }: Turn, report: SubscribeAgent): string | undefined => {
  const id = report.agent_info.id?.value;
  const idIsWrong = id === undefined ? undefined : idProblem(id);
  if (idIsWrong !== undefined) return `Agent has an invalid ID: ${idIsWrong}`;
  if (id !== undefined && state.goneAgents.has(id)) return 'Agent has been marked gone';
  if (machineOf(state, placeOf(report))?.mode === 'DOWN') return MACHINE_DOWN;
  const known = id === undefined ? undefined : state.agents.get(id);
  const hasMoved =
    known && (known.address.ip !== report.address.ip || known.info.hostname !== report.agent_info.hostname);
  if (hasMoved) return 'Agent attempted to reregister with different IP / hostname';
  const roleProblem = reservationsProblem(report);
  if (roleProblem !== undefined) return roleProblem;
  try {
    totalOf(report);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
};

/** Of roles that cannot be there must be none in the allocator. */
const reservationsProblem = ({ agent_info, checkpointed_resources }: SubscribeAgent): string | undefined => {
  for (const { name, role = '*', reservations = [] } of [
    ...(agent_info.resources ?? []),
    ...checkpointed_resources,
  ]) {
    for (const reserved of [role, ...reservations.map((reservation) => reservation.role ?? '*')]) {
      const problem = roleNameProblem(reserved);
      if (problem !== undefined) return `Resource '${name}' is reserved for an invalid role: ${problem}`;
    }
  }
  return undefined;
};

/** Where an agent is can only be told to a master that knows where it is itself (mesos.md 4.2). */
const domainProblem = ({ settings }: Turn, { agent_info }: SubscribeAgent): string | undefined => {
  if (agent_info.domain && !settings.domain) return 'the agent has a domain and the master has none';
  return settings.isAgentDomainRequired && !agent_info.domain
    ? 'the agent has no domain, and --require_agent_domain is set'
    : undefined;
};

const placeOf = ({ agent_info, address }: SubscribeAgent): AgentPlace => ({ info: agent_info, address });

/**
 * An agent without an id at the address of one that is connected did not hear the answer to its first try; at that of one
 * that is not, it is another agent in its place.
 */
const idAtAddress = (turn: Turn, { address }: SubscribeAgent): string | undefined => {
  const agent = agentAt(turn.state, address);
  if (agent === undefined || agent.streamId !== undefined) return agent?.id;
  turn.count('master/slave_removals/reason_registered');
  removeAgent(turn, agent, 'a new agent registered at the same address');
  return undefined;
};

const newAgentId = ({ state }: Turn): string => `${state.masterId}-S${state.next.agent++}`;

const admit = (turn: Turn, id: string, streamId: string, report: SubscribeAgent): void => {
  const { state, nowMs } = turn;
  const recovered = state.recoveredAgents.get(id);
  const remembered = recovered ?? state.unreachableAgents.get(id);
  // Also when the registry has forgotten it meanwhile, or it was removed: its tasks were said to be out of reach, or lost.
  const isBackFromUnreachable = report.agent_info.id !== undefined && recovered === undefined;
  const agent = newAgent(turn, id, report, remembered);
  agent.streamId = streamId;
  if (report.agent_info.id === undefined) turn.count('master/slave_registrations');
  else {
    turn.count('master/slave_reregistrations');
    agent.reregisteredMs = nowMs;
  }
  state.recoveredAgents.delete(id);
  state.agents.set(id, agent);
  index(state, agent);
  if (state.unreachableAgents.delete(id)) turn.save(unreachableKey(id), undefined);
  saveAgent(turn, agent, recovered);
  welcome(turn, agent, report, { isBackFromUnreachable });
  turn.observe({ type: 'agent-added', agent });
};

const newAgent = (
  turn: Turn,
  id: string,
  report: SubscribeAgent,
  remembered: AdmittedAgent | undefined,
): Agent => ({
  id,
  info: agentInfoOf(report, id),
  address: report.address,
  version: report.version,
  capabilities: new Set(report.capabilities.map(({ type }) => type)),
  streamId: undefined,
  isDeactivated: remembered?.isDeactivated ?? false,
  drain: remembered?.drain,
  drainStartedMs: remembered?.drainStartedMs,
  total: totalOf(report),
  registeredMs: turn.nowMs,
  reregisteredMs: undefined,
  taskIds: new Map(),
  executors: new Map(),
  operations: new Map(),
  offerIds: new Set(),
  unavailability: machineOf(turn.state, placeOf(report))?.unavailability,
  inverseOfferIds: new Set(),
  inverseAnswers: new Map(),
  pendingKills: new Map(),
  missedPings: 0,
  changes: 0,
});

const reregister = (turn: Turn, agent: Agent, streamId: string, report: SubscribeAgent): void => {
  turn.count('master/slave_reregistrations');
  if (agent.streamId !== undefined) turn.do({ type: 'close-agent', streamId: agent.streamId });
  turn.cancelTimer(`reregister:${agent.id}`);
  for (const offer of offersOf(turn, agent.offerIds)) discardOffer(turn, offer);
  rescindInverseOffers(turn, agent);
  const before = admitted(agent);
  unindex(turn.state, agent);
  agent.streamId = streamId;
  agent.info = agentInfoOf(report, agent.id);
  agent.address = report.address;
  agent.version = report.version;
  agent.capabilities = new Set(report.capabilities.map(({ type }) => type));
  agent.total = totalOf(report);
  agent.reregisteredMs = turn.nowMs;
  index(turn.state, agent);
  saveAgent(turn, agent, before);
  welcome(turn, agent, report, { isBackFromUnreachable: false });
};

const welcome = (
  turn: Turn,
  agent: Agent,
  report: SubscribeAgent,
  how: { isBackFromUnreachable: boolean },
): void => {
  const { settings, state } = turn;
  const unknownTasks = adoptReport(turn, agent, report, how);
  turn.toAgent(agent, {
    type: 'SUBSCRIBED',
    subscribed: {
      agent_id: { value: agent.id },
      master_info: state.info,
      ping_timeout_seconds: (settings.agentPingTimeoutMs * settings.maxAgentPingTimeouts) / 1000,
      unknown_tasks: unknownTasks,
      ...(agent.drain?.state === 'DRAINING' ? { drain_config: agent.drain.config } : {}),
    },
  });
  correctFrameworks(turn, agent, report);
  sendPendingKills(turn, agent);
  allocateFromRecord(turn, agent);
  wantAllocation(turn, [agent.id]);
  startPinging(turn, agent);
  turn.mayBeDrained(agent);
  turn.log('agent registered', { agentId: agent.id, address: agent.address });
};

/** Kills that the agent was not there to hear. */
const sendPendingKills = (turn: Turn, agent: Agent): void => {
  for (const [frameworkId, kills] of agent.pendingKills) {
    for (const [taskId, kill_policy] of kills) {
      turn.toAgent(agent, {
        type: 'KILL',
        kill: {
          framework_id: { value: frameworkId },
          task_id: { value: taskId },
          ...(kill_policy === undefined ? {} : { kill_policy }),
        },
      });
    }
  }
  agent.pendingKills.clear();
};
