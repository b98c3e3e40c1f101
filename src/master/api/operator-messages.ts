import type {
  ResponseGetAgents,
  ResponseGetAgentsAgent,
  ResponseGetExecutors,
  ResponseGetFrameworks,
  ResponseGetFrameworksFramework,
  ResponseGetState,
  ResponseGetTasks,
} from '../../mesos/generated/master.ts';
import type { InverseOffer, Offer, TimeInfo } from '../../mesos/generated/mesos.ts';
import { addResources } from '../../mesos/resources/arithmetic.ts';
import { toEndpointFormat } from '../../mesos/resources/summary.ts';
import { renderInverseOffer, renderOffer } from '../core/render-offer.ts';
import {
  type Agent,
  type CompletedFramework,
  type Framework,
  isActive,
  type MasterState,
  type OfferRecord,
} from '../core/state.ts';
import { agentPid } from './agent-json.ts';
import {
  executorsByFramework,
  offeredIn,
  type PlacedExecutor,
  usedByFramework,
  usedOnAgent,
} from './holdings.ts';

/** The parts of the state as the v1 operator API tells them (mesos.md 3.1). */

export const getState = (state: MasterState): ResponseGetState => ({
  get_tasks: getTasks(state),
  get_executors: getExecutors(state),
  get_frameworks: getFrameworks(state),
  get_agents: getAgents(state),
});

export const getTasks = ({ frameworks, completedFrameworks }: MasterState): ResponseGetTasks => {
  const all = [...frameworks.values(), ...completedFrameworks.values()];
  return {
    tasks: [...frameworks.values()].flatMap(({ tasks }) => [...tasks.values()]),
    unreachable_tasks: all.flatMap(({ unreachableTasks }) => [...unreachableTasks.values()]),
    completed_tasks: all.flatMap(({ completedTasks }) => completedTasks),
  };
};

export const getExecutors = (state: MasterState): ResponseGetExecutors => ({
  executors: [...executorsByFramework(state).values()].flat().map(({ agentId, frameworkId, info }) => ({
    executor_info: { ...info, framework_id: { value: frameworkId } },
    agent_id: { value: agentId },
  })),
});

export const getAgents = (state: MasterState): ResponseGetAgents => ({
  agents: [...state.agents.values()].map((agent) => {
    const used = addResources([], usedOnAgent(state, agent)).map(toEndpointFormat);
    const offered = addResources([], offeredIn(state, agent.offerIds)).map(toEndpointFormat);
    return {
      ...agentMessage(agent),
      ...(used.length === 0 ? {} : { allocated_resources: used }),
      ...(offered.length === 0 ? {} : { offered_resources: offered }),
    };
  }),
  recovered_agents: [...state.recoveredAgents.values()].map(({ info }) => info),
});

/** An agent without what is used and offered of it, as in events. */
export const agentMessage = (agent: Agent): ResponseGetAgentsAgent => ({
  agent_info: agent.info,
  active: isActive(agent),
  deactivated: agent.isDeactivated,
  version: agent.version,
  pid: agentPid(agent),
  registered_time: time(agent.registeredMs),
  ...(agent.reregisteredMs === undefined ? {} : { reregistered_time: time(agent.reregisteredMs) }),
  total_resources: agent.total.map(toEndpointFormat),
  capabilities: [...agent.capabilities].flatMap((type) => (type === undefined ? [] : { type })),
  ...(agent.drain ? { drain_info: agent.drain } : {}),
  ...(agent.drainStartedMs === undefined
    ? {}
    : { estimated_drain_start_time: time(Math.floor(agent.drainStartedMs / 1000) * 1000) }),
});

export const getFrameworks = (state: MasterState): ResponseGetFrameworks => {
  const executors = executorsByFramework(state);
  return {
    frameworks: [...state.frameworks.values()].map((framework) =>
      frameworkInFull(state, framework, executors.get(framework.id) ?? []),
    ),
    completed_frameworks: [...state.completedFrameworks.values()].map(completedFramework),
  };
};

const frameworkInFull = (
  state: MasterState,
  framework: Framework,
  executors: readonly PlacedExecutor[],
): ResponseGetFrameworksFramework => {
  const used = addResources([], usedByFramework(framework, executors)).map(toEndpointFormat);
  const inverseOffers = inverseOffersOf(state, framework);
  const offers = [...framework.offerIds].flatMap((id) => state.offers.get(id) ?? []);
  const offered = addResources(
    [],
    offers.flatMap(({ resources }) => resources),
  ).map(toEndpointFormat);
  return {
    ...connectionMessage(framework),
    ...(framework.connection === 'recovered'
      ? {}
      : {
          registered_time: time(framework.registeredMs),
          reregistered_time: time(framework.reregisteredMs ?? framework.registeredMs),
        }),
    ...(offers.length === 0 ? {} : { offers: offersOf(state, framework, offers) }),
    ...(inverseOffers.length === 0 ? {} : { inverse_offers: inverseOffers }),
    ...(used.length === 0 ? {} : { allocated_resources: used }),
    ...(offered.length === 0 ? {} : { offered_resources: offered }),
    offer_constraints: framework.offerConstraints ?? {},
  };
};

/** Agents whose offers are outstanding are there. */
const offersOf = (state: MasterState, framework: Framework, offers: readonly OfferRecord[]): Offer[] =>
  offers.flatMap((offer) => {
    const agent = state.agents.get(offer.agentId);
    return agent === undefined ? [] : renderOffer(offer, framework, agent);
  });

const inverseOffersOf = (state: MasterState, { inverseOfferIds }: Framework): InverseOffer[] =>
  [...inverseOfferIds].flatMap((id) => {
    const offer = state.inverseOffers.get(id);
    const agent = offer && state.agents.get(offer.agentId);
    return offer && agent ? renderInverseOffer(offer, agent) : [];
  });

/** A framework without what it uses and is offered, as in events, which have all three times. */
export const frameworkMessage = (framework: Framework): ResponseGetFrameworksFramework => {
  const registeredMs = framework.connection === 'recovered' ? 0 : framework.registeredMs;
  return {
    ...connectionMessage(framework),
    registered_time: time(registeredMs),
    reregistered_time: time(framework.reregisteredMs ?? registeredMs),
    unregistered_time: time(0),
  };
};

const connectionMessage = ({ info, connection }: Framework): ResponseGetFrameworksFramework => ({
  framework_info: info,
  active: connection === 'connected',
  connected: connection === 'connected',
  recovered: connection === 'recovered',
});

const completedFramework = (framework: CompletedFramework): ResponseGetFrameworksFramework => ({
  framework_info: framework.info,
  active: false,
  connected: false,
  recovered: false,
  registered_time: time(framework.registeredMs),
  reregistered_time: time(framework.reregisteredMs ?? framework.registeredMs),
  unregistered_time: time(framework.unregisteredMs),
  offer_constraints: {},
});

const time = (ms: number): TimeInfo => ({ nanoseconds: ms * 1e6 });
