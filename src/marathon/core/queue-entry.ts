import type { Offer } from '../../mesos/generated/mesos.ts';
import type { FunnelRow, OfferSummary, Rejection, UnusedOffer } from '../engine.ts';
import { REJECT_REASONS, type RejectReason } from './reject-reason.ts';

const MAX_AGENTS = 1000;
const MAX_UNUSED_SHOWN = 100;

/** What became of the last offer of one agent. */
interface LastOffer {
  readonly offer: Offer;
  readonly atMs: number;
  /** Empty when it was used. */
  readonly rejections: readonly Rejection[];
}

/** An app in the launch queue, and what became of the offers since it came there. */
export interface QueueEntry {
  readonly sinceMs: number;
  processedCount: number;
  unusedCount: number;
  lastUnusedAtMs?: number;
  lastUsedAtMs?: number;
  /** By the first reason of each offer that was of no use. */
  readonly declined: Map<RejectReason, number>;
  /** By agent, the one heard of longest ago first. */
  readonly lastOffers: Map<string, LastOffer>;
}

export const newQueueEntry = (sinceMs: number): QueueEntry => ({
  sinceMs,
  processedCount: 0,
  unusedCount: 0,
  declined: new Map(),
  lastOffers: new Map(),
});

/** Notes what an app made of an offer; no rejections mean that it was used. */
export const noteOffer = (
  entry: QueueEntry,
  offer: Offer,
  rejections: readonly Rejection[],
  nowMs: number,
): void => {
  entry.processedCount++;
  const [first] = rejections;
  if (first) {
    entry.unusedCount++;
    entry.lastUnusedAtMs = nowMs;
    entry.declined.set(first.reason, (entry.declined.get(first.reason) ?? 0) + 1);
  } else {
    entry.lastUsedAtMs = nowMs;
  }
  const agentId = offer.agent_id.value;
  entry.lastOffers.delete(agentId);
  entry.lastOffers.set(agentId, { offer, atMs: nowMs, rejections });
  if (entry.lastOffers.size <= MAX_AGENTS) return;
  for (const oldest of entry.lastOffers.keys()) {
    entry.lastOffers.delete(oldest);
    break;
  }
};

export const summarizeOffers = (entry: QueueEntry): OfferSummary => {
  const last = [...entry.lastOffers.values()];
  const declinedLast = new Map<RejectReason, number>();
  for (const { rejections } of last) {
    const [first] = rejections;
    if (first) declinedLast.set(first.reason, (declinedLast.get(first.reason) ?? 0) + 1);
  }
  return {
    processedCount: entry.processedCount,
    unusedCount: entry.unusedCount,
    ...(entry.lastUnusedAtMs === undefined ? {} : { lastUnusedAtMs: entry.lastUnusedAtMs }),
    ...(entry.lastUsedAtMs === undefined ? {} : { lastUsedAtMs: entry.lastUsedAtMs }),
    lastOffers: funnel(declinedLast, last.length),
    launchAttempt: funnel(entry.declined, entry.processedCount),
    lastUnused: last
      .filter(({ rejections }) => rejections.length > 0)
      .slice(-MAX_UNUSED_SHOWN)
      .map((unused): UnusedOffer => unused),
  };
};

/** Each reason is asked of those offers only that passed the reasons before it. */
const funnel = (declined: ReadonlyMap<RejectReason, number>, offers: number): FunnelRow[] => {
  let processed = offers;
  return REJECT_REASONS.map((reason) => {
    const row = { reason, declined: declined.get(reason) ?? 0, processed };
    processed -= row.declined;
    return row;
  });
};
