import type { Attribute, Offer, Resource, ValueRange } from '../../../mesos/generated/mesos.ts';
import { isPod } from '../../definitions/run-spec.ts';
import type { OfferSummary, QueueItem, UnusedOffer } from '../../engine.ts';
import { appJson } from './app-json.ts';
import { podJson } from './pod-json.ts';
import { time } from './task-json.ts';

/** An app that waits for offers, or for the end of its back-off (marathon.md 1.11). */
export const queueItemJson = (item: QueueItem, { withOffers }: { withOffers: boolean }): object => ({
  count: item.count,
  role: item.role,
  delay: {
    timeLeftSeconds: Math.ceil(item.delayLeftMs / 1000),
    overdue: item.delayLeftMs <= 0,
  },
  since: time(item.sinceMs),
  processedOffersSummary: summaryJson(item.offers),
  ...(withOffers && { lastUnusedOffers: item.offers.lastUnused.map(unusedOfferJson) }),
  ...(isPod(item.spec) ? { pod: podJson(item.spec) } : { app: appJson(item.spec) }),
});

const summaryJson = (offers: OfferSummary): object => ({
  processedOffersCount: offers.processedCount,
  unusedOffersCount: offers.unusedCount,
  ...(offers.lastUnusedAtMs !== undefined && { lastUnusedOfferAt: time(offers.lastUnusedAtMs) }),
  ...(offers.lastUsedAtMs !== undefined && { lastUsedOfferAt: time(offers.lastUsedAtMs) }),
  rejectSummaryLastOffers: offers.lastOffers,
  rejectSummaryLaunchAttempt: offers.launchAttempt,
});

/** `detail` says in words what `reason` has a name for: one each. */
const unusedOfferJson = ({ offer, rejections, atMs }: UnusedOffer): object => ({
  offer: offerJson(offer),
  reason: rejections.map(({ reason }) => reason),
  detail: rejections.map(({ detail }) => detail),
  timestamp: time(atMs),
});

const offerJson = (offer: Offer): object => ({
  id: offer.id.value,
  hostname: offer.hostname,
  agentId: offer.agent_id.value,
  resources: (offer.resources ?? []).map(resourceJson),
  attributes: (offer.attributes ?? []).map(attributeJson),
});

const resourceJson = (resource: Resource): object => ({
  name: resource.name,
  role: resource.reservations?.at(-1)?.role ?? '*',
  ...valueJson(resource),
});

/** An attribute of an agent. */
export const attributeJson = (attribute: Attribute): object => ({
  name: attribute.name,
  ...(attribute.text && { text: attribute.text.value }),
  ...valueJson(attribute),
});

const valueJson = ({ scalar, ranges, set }: Pick<Resource, 'scalar' | 'ranges' | 'set'>): object => ({
  ...(scalar && { scalar: scalar.value }),
  ...(ranges && { ranges: (ranges.range ?? []).map(({ begin, end }: ValueRange) => ({ begin, end })) }),
  ...(set && { set: set.item ?? [] }),
});
