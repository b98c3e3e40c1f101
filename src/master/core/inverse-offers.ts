import type { Filters, InverseOffer, OfferID } from '../../mesos/generated/mesos.ts';
import type { InverseAllocation } from '../allocator/allocator.ts';
import { refuseMs } from '../allocator/refuse-ms.ts';
import { timeInfo } from './master-status.ts';
import { renderInverseOffer } from './render-offer.ts';
import type { Agent, Framework, InverseOfferRecord } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Inverse offers (mesos.md 1.5, 3.6): a framework is asked whether it can do without an agent whose maintenance is
 * scheduled. What it answers is shown to operators, and has no other effect.
 */

/** All that a framework is asked after one run travel in one event. */
export const makeInverseOffers = (turn: Turn, allocated: readonly InverseAllocation[]): void => {
  const rendered = new Map<Framework, InverseOffer[]>();
  for (const allocation of allocated) {
    const framework = turn.state.frameworks.get(allocation.frameworkId);
    const agent = turn.state.agents.get(allocation.agentId);
    if (!framework || !agent) {
      turn.allocator.endInverseOffer({ ...allocation, nowMs: turn.nowMs });
      continue;
    }
    const record = addInverseOffer(turn, allocation);
    framework.inverseOfferIds.add(record.id);
    agent.inverseOfferIds.add(record.id);
    const offers = rendered.get(framework) ?? [];
    offers.push(renderInverseOffer(record, agent));
    rendered.set(framework, offers);
  }
  for (const [framework, inverse_offers] of rendered) {
    turn.toFramework(framework, { type: 'INVERSE_OFFERS', inverse_offers: { inverse_offers } });
  }
};

const addInverseOffer = (turn: Turn, allocation: InverseAllocation): InverseOfferRecord => {
  const { state, settings } = turn;
  const id = `${state.masterId}-O${state.next.offer++}`;
  const record: InverseOfferRecord = { ...allocation, id };
  state.inverseOffers.set(id, record);
  if (settings.offerTimeoutMs !== undefined) turn.setTimer(`offer:${id}`, settings.offerTimeoutMs);
  return record;
};

/** The framework answers; offers that are no more, or are not its own, do not matter. */
export const answerInverseOffers = (
  turn: Turn,
  framework: Framework,
  { inverse_offer_ids = [], filters }: { inverse_offer_ids?: readonly OfferID[]; filters?: Filters },
  status: 'ACCEPT' | 'DECLINE',
): void => {
  for (const { value: id } of inverse_offer_ids) {
    const offer = turn.state.inverseOffers.get(id);
    if (offer?.frameworkId !== framework.id) continue;
    endInverseOffer(turn, offer, refuseMs(filters));
    turn.state.agents.get(offer.agentId)?.inverseAnswers.set(framework.id, {
      status,
      framework_id: { value: framework.id },
      timestamp: timeInfo(turn.nowMs),
    });
  }
};

/** Takes back what was asked about an agent, and says so. */
export const rescindInverseOffers = (turn: Turn, { inverseOfferIds }: Agent): void => {
  for (const offer of inverseOffersOf(turn, inverseOfferIds)) rescindInverseOffer(turn, offer);
};

/** Takes back what a framework was asked, without a word. */
export const discardInverseOffers = (turn: Turn, { inverseOfferIds }: Framework): void => {
  for (const offer of inverseOffersOf(turn, inverseOfferIds)) endInverseOffer(turn, offer);
};

/** Nobody answered in time. */
export const inverseOfferTimedOut = (turn: Turn, offerId: string): void => {
  const offer = turn.state.inverseOffers.get(offerId);
  if (offer) rescindInverseOffer(turn, offer);
};

const rescindInverseOffer = (turn: Turn, offer: InverseOfferRecord): void => {
  endInverseOffer(turn, offer);
  const framework = turn.state.frameworks.get(offer.frameworkId);
  if (!framework) return;
  const inverse_offer_id = { value: offer.id };
  turn.toFramework(framework, { type: 'RESCIND_INVERSE_OFFER', rescind_inverse_offer: { inverse_offer_id } });
};

const endInverseOffer = (
  turn: Turn,
  { id, frameworkId, agentId }: InverseOfferRecord,
  refusedMs?: number,
): void => {
  const { state, settings, allocator, nowMs } = turn;
  state.inverseOffers.delete(id);
  state.frameworks.get(frameworkId)?.inverseOfferIds.delete(id);
  state.agents.get(agentId)?.inverseOfferIds.delete(id);
  if (settings.offerTimeoutMs !== undefined) turn.cancelTimer(`offer:${id}`);
  allocator.endInverseOffer({
    frameworkId,
    agentId,
    nowMs,
    ...(refusedMs === undefined ? {} : { refuseMs: refusedMs }),
  });
};

const inverseOffersOf = (turn: Turn, ids: ReadonlySet<string>): InverseOfferRecord[] =>
  [...ids].flatMap((id) => turn.state.inverseOffers.get(id) ?? []);
