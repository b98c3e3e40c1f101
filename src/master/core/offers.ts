import type { Offer } from '../../mesos/generated/mesos.ts';
import type { AllocatedOffer } from '../allocator/allocator.ts';
import { countForFramework } from './count-for-framework.ts';
import { renderOffer } from './render-offer.ts';
import { type Framework, type OfferRecord, touch } from './state.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/** Makes offers of what was allocated; all that a framework gets of one run travel in one event (mesos.md 1.15). */
export const makeOffers = (turn: Turn, allocated: readonly AllocatedOffer[]): void => {
  const rendered = new Map<Framework, Offer[]>();
  for (const allocation of allocated) {
    const framework = turn.state.frameworks.get(allocation.frameworkId);
    const agent = turn.state.agents.get(allocation.agentId);
    if (!framework || !agent) {
      turn.allocator.recoverResources({ ...allocation, nowMs: turn.nowMs });
      continue;
    }
    const offer = addOffer(turn, allocation);
    framework.offerIds.add(offer.id);
    countForFramework(turn, framework, 'offers/sent');
    agent.offerIds.add(offer.id);
    touch(agent);
    const offers = rendered.get(framework) ?? [];
    offers.push(renderOffer(offer, framework, agent));
    rendered.set(framework, offers);
  }
  for (const [framework, offers] of rendered)
    turn.toFramework(framework, { type: 'OFFERS', offers: { offers } });
};

const addOffer = (turn: Turn, { frameworkId, agentId, role, resources }: AllocatedOffer): OfferRecord => {
  const { state, settings, nowMs } = turn;
  const id = `${state.masterId}-O${state.next.offer++}`;
  const offer: OfferRecord = { id, frameworkId, agentId, role, resources, offeredMs: nowMs };
  state.offers.set(id, offer);
  if (settings.offerTimeoutMs !== undefined) turn.setTimer(`offer:${id}`, settings.offerTimeoutMs);
  return offer;
};

/** Forgets an offer; what becomes of its resources is the caller's to say. */
export const takeOffer = (turn: Turn, { id, frameworkId, agentId }: OfferRecord): void => {
  const { state, settings } = turn;
  state.offers.delete(id);
  state.frameworks.get(frameworkId)?.offerIds.delete(id);
  const agent = state.agents.get(agentId);
  agent?.offerIds.delete(id);
  touch(agent);
  if (settings.offerTimeoutMs !== undefined) turn.cancelTimer(`offer:${id}`);
};

/** Takes an offer back without a word, its resources can be offered again. */
export const discardOffer = (turn: Turn, offer: OfferRecord, refuseMs = 0): void => {
  takeOffer(turn, offer);
  turn.allocator.recoverResources({ ...offer, refuseMs, nowMs: turn.nowMs });
};

/** Takes an offer back and says so. */
export const rescindOffer = (turn: Turn, offer: OfferRecord, refuseMs = 0): void => {
  discardOffer(turn, offer, refuseMs);
  const framework = turn.state.frameworks.get(offer.frameworkId);
  if (!framework) return;
  countForFramework(turn, framework, 'offers/rescinded');
  turn.toFramework(framework, { type: 'RESCIND', rescind: { offer_id: { value: offer.id } } });
};

/** Nobody answered an offer in time. */
export const offerTimedOut = (turn: Turn, offerId: string): void => {
  const offer = turn.state.offers.get(offerId);
  if (!offer) return;
  rescindOffer(turn, offer);
  wantAllocation(turn, [offer.agentId]);
};

/** The offers with these ids, as far as there are such. */
export const offersOf = (turn: Turn, offerIds: Iterable<string>): OfferRecord[] =>
  [...offerIds].flatMap((id) => turn.state.offers.get(id) ?? []);
