import type { Filters, OfferID, OfferOperation, Resource } from '../../mesos/generated/mesos.ts';
import type { CallAccept, CallDecline } from '../../mesos/generated/scheduler.ts';
import { allocatedTo, unallocated } from '../../mesos/resources/reservation-format.ts';
import { refuseMs } from '../allocator/refuse-ms.ts';
import { operationForbidden } from './authorization.ts';
import { convertedPart } from './converted-part.ts';
import { countForFramework } from './count-for-framework.ts';
import { dropOperation } from './drop-operation.ts';
import { launch, launchGroup } from './launch.ts';
import { discardOffer, takeOffer } from './offers.ts';
import { prepareOperation } from './prepare-operation.ts';
import type { Purse } from './purse.ts';
import { changeResources } from './resource-operations.ts';
import { type Agent, type Framework, isConnected, type OfferRecord } from './state.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/**
 * A scheduler takes offers (mesos.md 1.10): operations are done strictly in order on what is left of the offered resources;
 * one that cannot be done is skipped and said so. What remains goes back to the allocator.
 */
export const accept = (
  turn: Turn,
  framework: Framework,
  { offer_ids = [], operations = [], filters }: CallAccept,
): void => {
  turn.count('master/messages_launch_tasks');
  const offers = validOffers(turn, framework, offer_ids);
  const [first] = offers;
  const agent = first && turn.state.agents.get(first.agentId);
  const problem = offersProblem(turn, framework, offer_ids);
  if (problem !== undefined || !first || !agent) {
    for (const offer of offers) discardOffer(turn, offer);
    for (const operation of operations) {
      dropOperation(turn, framework, operation, {
        type: 'invalid-offers',
        text: problem ?? 'No offers specified',
      });
    }
    return;
  }
  for (const offer of offers) takeOffer(turn, offer);
  countForFramework(turn, framework, 'offers/accepted', offers.length);
  carryOut(turn, { framework, agent, role: first.role, offers, operations, filters });
};

interface Acceptance {
  framework: Framework;
  agent: Agent;
  role: string;
  offers: readonly OfferRecord[];
  operations: readonly OfferOperation[];
  filters: Filters | undefined;
}

const carryOut = (turn: Turn, acceptance: Acceptance): void => {
  const { framework, agent, role, offers, operations, filters } = acceptance;
  const offered = unallocated(offers.flatMap(({ resources }) => resources));
  const purse: Purse = { framework, agent, role, left: offered };
  for (const operation of operations) {
    countForFramework(turn, framework, `operations/${String(operation.type).toLowerCase()}`);
    if (!isConnected(agent)) {
      dropOperation(turn, framework, operation, { type: 'agent-disconnected' });
      continue;
    }
    const forbidden = operationForbidden(turn.settings, framework, operation);
    if (forbidden !== undefined) {
      dropOperation(turn, framework, operation, { type: 'invalid', text: forbidden, isResources: false });
      continue;
    }
    const prepared = prepareOperation(operation, purse);
    if (prepared.type === 'invalid') {
      dropOperation(turn, framework, operation, prepared);
      continue;
    }
    spend(turn, purse, prepared.operation);
  }
  giveBack(turn, purse, offered, refuseMs(filters));
};

const spend = (turn: Turn, purse: Purse, operation: OfferOperation): void => {
  if (operation.type === 'LAUNCH') launch(turn, purse, operation.launch.task_infos ?? []);
  else if (operation.type === 'LAUNCH_GROUP') launchGroup(turn, purse, operation.launch_group);
  else changeResources(turn, purse, operation);
};

/** What is left counts as declined, except what operations made: the framework wants to see that soon. */
const giveBack = (
  turn: Turn,
  { framework, agent, role, left }: Purse,
  offered: readonly Resource[],
  refusedMs: number,
): void => {
  const { converted, declined } = convertedPart(left, offered);
  const common = { frameworkId: framework.id, agentId: agent.id, nowMs: turn.nowMs };
  if (converted.length > 0) {
    turn.allocator.recoverResources({ ...common, resources: allocatedTo(converted, role) });
  }
  if (declined.length > 0) {
    const resources = allocatedTo(declined, role);
    turn.allocator.recoverResources({ ...common, resources, refuseMs: refusedMs });
  }
  // Without a filter the same framework would get the same at once, and again: it waits for the interval.
  if (converted.length > 0 || refusedMs > 0) wantAllocation(turn, [agent.id]);
};

const validOffers = (turn: Turn, framework: Framework, offerIds: readonly OfferID[]): OfferRecord[] =>
  [...new Set(offerIds.map(({ value }) => value))].flatMap((id) => {
    const offer = turn.state.offers.get(id);
    return offer?.frameworkId === framework.id ? [offer] : [];
  });

const offersProblem = (
  { state }: Turn,
  framework: Framework,
  offerIds: readonly OfferID[],
): string | undefined => {
  if (offerIds.length === 0) return 'No offers specified';
  const seen = new Map<string, OfferRecord>();
  for (const { value: id } of offerIds) {
    if (seen.has(id)) return `Duplicate offer ${id} in offer list`;
    const offer = state.offers.get(id);
    if (!offer) return `Offer ${id} is no longer valid`;
    if (offer.frameworkId !== framework.id) {
      return `Offer ${id} has invalid framework ${offer.frameworkId} while framework ${framework.id} is expected`;
    }
    seen.set(id, offer);
  }
  const [first, ...others] = seen.values();
  for (const offer of others) {
    if (offer.role !== first?.role) {
      return `Aggregated offers must be allocated to the same role. Offer ${offer.id} uses role ${offer.role} but another is using role ${first?.role}`;
    }
    if (offer.agentId !== first.agentId) {
      return `Aggregated offers must belong to one single agent. Offer ${offer.id} uses agent ${offer.agentId} and agent ${first.agentId}`;
    }
  }
  return undefined;
};

/** A scheduler does not want offers; those that are no more are no matter. */
export const decline = (turn: Turn, framework: Framework, { offer_ids = [], filters }: CallDecline): void => {
  turn.count('master/messages_decline_offers');
  const refusedMs = refuseMs(filters);
  for (const offer of validOffers(turn, framework, offer_ids)) {
    discardOffer(turn, offer, refusedMs);
    countForFramework(turn, framework, 'offers/declined');
    if (refusedMs > 0) wantAllocation(turn, [offer.agentId]);
  }
};
