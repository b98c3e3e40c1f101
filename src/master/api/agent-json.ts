import type { Resource } from '../../mesos/generated/mesos.ts';
import { addResources } from '../../mesos/resources/arithmetic.ts';
import { byRole, summarize, toEndpointFormat } from '../../mesos/resources/summary.ts';
import { isReserved } from '../../mesos/resources/traits.ts';
import { attributesJson } from '../../mesos/v0/attributes-json.ts';
import { type AdmittedAgent, type Agent, isActive } from '../core/state.ts';
import { usedOn } from './documents/agent-view.ts';
import type { AgentView } from './documents/cluster-view.ts';

/** An agent as /state and /state-summary show it (mesos.md 3.9.1). Times are in seconds. */
export const agentJson = (agent: AgentView): object => {
  const resources = summarize(agent.total);
  const unreserved = agent.total.filter((resource) => !isReserved(resource));
  return {
    ...recoveredAgentJson(agent.id, agent),
    pid: agentPid(agent),
    registered_time: agent.registeredMs / 1000,
    ...(agent.reregisteredMs === undefined ? {} : { reregistered_time: agent.reregisteredMs / 1000 }),
    resources,
    used_resources: summarize(usedOn(agent)),
    offered_resources: summarize(agent.offered),
    reserved_resources: rolesOf(agent.total, summarize),
    // On most agents nothing is reserved.
    unreserved_resources: unreserved.length === agent.total.length ? resources : summarize(unreserved),
    active: isActive(agent),
    deactivated: agent.isDeactivated,
    version: agent.version,
    capabilities: [...agent.capabilities],
    ...(agent.drain ? { drain_info: agent.drain } : {}),
    ...(agent.drainStartedMs === undefined
      ? {}
      : { estimated_drain_start_time_seconds: agent.drainStartedMs / 1000 }),
  };
};

/** The same with whole resources beside their sums, as /slaves shows it. */
export const agentJsonInFull = (agent: AgentView): object => ({
  ...agentJson(agent),
  reserved_resources_full: rolesOf(agent.total, inFull),
  unreserved_resources_full: inFull(agent.total.filter((resource) => !isReserved(resource))),
  used_resources_full: inFull(addResources([], usedOn(agent))),
  offered_resources_full: inFull(addResources([], agent.offered)),
});

/** An agent of an earlier life of the master that did not come back yet. */
export const recoveredAgentJson = (id: string, { info }: Pick<AdmittedAgent, 'info'>): object => ({
  id,
  hostname: info.hostname,
  port: info.port ?? 5051,
  attributes: attributesJson(info.attributes ?? []),
  ...(info.domain ? { domain: info.domain } : {}),
});

/** How an agent's process is named: `slave(1)@ip:port`. */
export const agentPid = ({ address }: Pick<Agent, 'address'>): string =>
  `slave(1)@${address.ip}:${address.port}`;

const inFull = (resources: readonly Resource[]): object[] => resources.map(toEndpointFormat);

const rolesOf = <T>(resources: readonly Resource[], show: (some: readonly Resource[]) => T) =>
  Object.fromEntries([...byRole(resources)].map(([role, some]) => [role, show(some)]));
