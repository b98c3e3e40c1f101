import type { Codec } from '../../mesos/codec/codec.ts';
import { MessageGroup, MessageList } from '../../mesos/codec/long-message.ts';
import type {
  ResponseGetAgentsAgent,
  ResponseGetExecutorsExecutor,
  ResponseGetFrameworksFramework,
} from '../../mesos/generated/master.ts';
import type { TimeInfo } from '../../mesos/generated/mesos.ts';
import { addResources } from '../../mesos/resources/arithmetic.ts';
import { toEndpointFormat } from '../../mesos/resources/summary.ts';
import { withoutSecrets } from '../../mesos/without-secrets.ts';
import { renderInverseOffer, renderOffer } from '../core/render-offer.ts';
import { type CompletedFramework, type Framework, isActive } from '../core/state.ts';
import { agentPid } from './agent-json.ts';
import { usedOn } from './documents/agent-view.ts';
import type { AgentView, ClusterView, FrameworkView, PlacedExecutor } from './documents/cluster-view.ts';
import type { Fragments } from './documents/fragments.ts';

/** The parts of the state as the v1 operator API tells them (mesos.md 3.1). */

const RESPONSE = 'mesos.v1.master.Response';

export const getState = (view: ClusterView, fragments: Fragments): MessageGroup =>
  new MessageGroup(`${RESPONSE}.GetState`, {
    get_tasks: getTasks(view, fragments),
    get_executors: getExecutors(view, fragments),
    get_frameworks: getFrameworks(view, fragments),
    get_agents: getAgents(view, fragments),
  });

export const getTasks = (
  { frameworks, completedFrameworks }: ClusterView,
  fragments: Fragments,
): MessageGroup => {
  const all = [...frameworks, ...completedFrameworks];
  return new MessageGroup(`${RESPONSE}.GetTasks`, {
    tasks: messages(
      'mesos.v1.Task',
      frameworks.flatMap(({ tasks }) => tasks),
      fragments,
    ),
    unreachable_tasks: messages(
      'mesos.v1.Task',
      all.flatMap(({ unreachableTasks }) => [...unreachableTasks.values()]),
      fragments,
    ),
    completed_tasks: messages(
      'mesos.v1.Task',
      all.flatMap(({ completedTasks }) => completedTasks),
      fragments,
    ),
  });
};

export const getExecutors = ({ frameworks }: ClusterView, fragments: Fragments): MessageGroup =>
  new MessageGroup(`${RESPONSE}.GetExecutors`, {
    executors: messages(
      `${RESPONSE}.GetExecutors.Executor`,
      frameworks.flatMap(({ executors }) => executors),
      fragments,
      executorMessage,
    ),
  });

export const getAgents = ({ agents, recoveredAgents }: ClusterView, fragments: Fragments): MessageGroup =>
  new MessageGroup(`${RESPONSE}.GetAgents`, {
    agents: messages(`${RESPONSE}.GetAgents.Agent`, agents, fragments, agentInFull),
    recovered_agents: messages(
      'mesos.v1.AgentInfo',
      recoveredAgents.map(([, { info }]) => info),
      fragments,
    ),
  });

export const getFrameworks = (
  { agentOf, frameworks, completedFrameworks }: ClusterView,
  fragments: Fragments,
): MessageGroup => {
  const name = `${RESPONSE}.GetFrameworks.Framework`;
  return new MessageGroup(`${RESPONSE}.GetFrameworks`, {
    frameworks: messages(name, frameworks, fragments, (framework) => frameworkInFull(framework, agentOf)),
    completed_frameworks: messages(name, completedFrameworks, fragments, completedFramework),
  });
};

/** A list of messages of one kind, each of which is encoded once for as long as the part it shows is what it was. */
const messages = <Part extends object>(
  name: string,
  parts: readonly Part[],
  fragments: Fragments,
  messageOf: (part: Part) => object = (part) => part,
): MessageList<Part> =>
  new MessageList(parts, (part, codec: Codec) =>
    fragments.of(`${codec.mediaType} ${name}`, part, () => {
      const encoded = codec.encode(name, messageOf(part));
      if (typeof encoded === 'string') return encoded;
      return Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength).toString('latin1');
    }),
  );

const executorMessage = ({ agentId, frameworkId, info }: PlacedExecutor): ResponseGetExecutorsExecutor => ({
  executor_info: { ...withoutSecrets(info), framework_id: { value: frameworkId } },
  agent_id: { value: agentId },
});

const agentInFull = (agent: AgentView): ResponseGetAgentsAgent => {
  const used = addResources([], usedOn(agent)).map(toEndpointFormat);
  const offered = addResources([], agent.offered).map(toEndpointFormat);
  return {
    ...agentMessage(agent),
    ...(used.length === 0 ? {} : { allocated_resources: used }),
    ...(offered.length === 0 ? {} : { offered_resources: offered }),
  };
};

type ShownAgent = Omit<AgentView, 'usedBy' | 'offered' | 'executors' | 'placedExecutors'>;

/** An agent without what is used and offered of it, as in events. */
export const agentMessage = (agent: ShownAgent): ResponseGetAgentsAgent => ({
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

const frameworkInFull = (
  framework: FrameworkView,
  agentOf: ClusterView['agentOf'],
): ResponseGetFrameworksFramework => {
  const used = framework.used.map(toEndpointFormat);
  const offers = framework.offers.flatMap((offer) => {
    const agent = agentOf(offer.agentId);
    return agent === undefined ? [] : renderOffer(offer, framework, agent);
  });
  const inverseOffers = framework.inverseOffers.flatMap((offer) => {
    const agent = agentOf(offer.agentId);
    return agent === undefined ? [] : renderInverseOffer(offer, agent);
  });
  const offered = addResources(
    [],
    framework.offers.flatMap(({ resources }) => resources),
  ).map(toEndpointFormat);
  return {
    ...connectionMessage(framework),
    ...(framework.connection === 'recovered'
      ? {}
      : {
          registered_time: time(framework.registeredMs),
          reregistered_time: time(framework.reregisteredMs ?? framework.registeredMs),
        }),
    ...(offers.length === 0 ? {} : { offers }),
    ...(inverseOffers.length === 0 ? {} : { inverse_offers: inverseOffers }),
    ...(used.length === 0 ? {} : { allocated_resources: used }),
    ...(offered.length === 0 ? {} : { offered_resources: offered }),
    offer_constraints: framework.offerConstraints ?? {},
  };
};

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

const connectionMessage = ({
  info,
  connection,
}: Pick<Framework, 'info' | 'connection'>): ResponseGetFrameworksFramework => ({
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
