import type { InverseOffer, Offer, Resource } from '../../mesos/generated/mesos.ts';
import { toOldFormat, unallocated } from '../../mesos/resources/reservation-format.ts';
import type { Agent, Framework, InverseOfferRecord, OfferRecord } from './state.ts';

/** What an offer tells of its agent. */
export interface OfferingAgent extends Readonly<Pick<Agent, 'id' | 'info' | 'address' | 'unavailability'>> {
  readonly executors: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
}

/** An offer as its framework can read it (mesos.md 1.5). */
export const renderOffer = (
  offer: OfferRecord,
  framework: Readonly<Pick<Framework, 'id' | 'capabilities'>>,
  agent: OfferingAgent,
): Offer => {
  const executorIds = [...(agent.executors.get(framework.id)?.keys() ?? [])];
  const { attributes = [], domain } = agent.info;
  return {
    id: { value: offer.id },
    framework_id: { value: framework.id },
    agent_id: { value: agent.id },
    hostname: agent.info.hostname,
    url: { scheme: 'http', address: agent.address, path: '/slave(1)' },
    ...(domain === undefined ? {} : { domain }),
    resources: resourcesFor(framework, offer.resources),
    ...(attributes.length === 0 ? {} : { attributes }),
    ...(executorIds.length === 0 ? {} : { executor_ids: executorIds.map((value) => ({ value })) }),
    ...(agent.unavailability === undefined ? {} : { unavailability: agent.unavailability }),
    ...(framework.capabilities.has('MULTI_ROLE') ? { allocation_info: { role: offer.role } } : {}),
  };
};

/** An inverse offer as its framework reads it. Maintenance is about all of an agent: there are no resources in it. */
export const renderInverseOffer = (
  { id, frameworkId, unavailability }: InverseOfferRecord,
  agent: Readonly<Pick<Agent, 'id' | 'address'>>,
): InverseOffer => ({
  id: { value: id },
  url: { scheme: 'http', address: agent.address, path: '/slave(1)' },
  framework_id: { value: frameworkId },
  agent_id: { value: agent.id },
  unavailability,
});

/** Resources in the formats that a framework's capabilities stand for. */
export const resourcesFor = (
  { capabilities }: Pick<Framework, 'capabilities'>,
  resources: readonly Resource[],
): Resource[] => {
  const shown = capabilities.has('MULTI_ROLE') ? [...resources] : unallocated(resources);
  return capabilities.has('RESERVATION_REFINEMENT') ? shown : shown.map(toOldFormat);
};
