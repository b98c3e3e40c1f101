import { waitFor } from '../support/wait-for.ts';
import type { JsonObject } from './captures.ts';
import { type Bindings, compare, type Mismatch } from './compare.ts';
import { at, type Scheduler } from './scheduler.ts';

const OFFER_ID = /[0-9a-f-]{36}-O\d+/g;
const PATIENCE_MS = 3000;

export interface OfferNeed {
  /** A body with the ids of captured offers. */
  readonly body: string;
  /** What the captured scheduler was offered under an id. */
  readonly captured: (id: string) => JsonObject | undefined;
  readonly scheduler: Scheduler;
  /** What a captured offer stands for since it was first taken. */
  readonly offersTaken: Map<string, string>;
  readonly bindings: Bindings;
}

/**
 * The body with offers that the scheduler holds. Mesos allocates once per second, Plenum at once: where Mesos made one
 * offer of all that was given back, here several smaller ones may lie. They are declined until one offer holds what the
 * captured one held, and that it does is checked.
 */
export const takeOffers = async ({
  body,
  captured,
  scheduler,
  offersTaken,
  bindings,
}: OfferNeed): Promise<{ body: string; mismatches: Mismatch[] }> => {
  let result = body;
  const mismatches: Mismatch[] = [];
  for (const id of new Set(body.match(OFFER_ID) ?? [])) {
    const wanted = captured(id);
    if (wanted === undefined) continue;
    if (!offersTaken.has(id)) {
      const offer = await takeOffer(scheduler, wanted, bindings);
      offersTaken.set(id, at(offer, 'id', 'value'));
      mismatches.push(...compare(wanted, offer, bindings, 'offer'));
    }
    result = result.replaceAll(new RegExp(`${id}\\b`, 'g'), offersTaken.get(id) ?? id);
  }
  return { body: result, mismatches };
};

/** An offer that the scheduler holds no more: one like the wanted one, or whichever is there. */
export const takeOffer = async (
  scheduler: Scheduler,
  wanted: JsonObject | undefined,
  bindings: Bindings,
): Promise<JsonObject> => {
  const isFitting = (offer: JsonObject): boolean =>
    wanted === undefined || compare(wanted, offer, new Map(bindings)).length === 0;
  if (wanted?.unavailability !== undefined) return takeInverseOffer(scheduler);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const held = await waitFor(
      `an offer for ${scheduler.capture.name}`,
      () => scheduler.offers.size > 0 && [...scheduler.offers.values()],
      { timeoutMs: 10_000, everyMs: 20 },
    );
    const fitting = held.find(isFitting);
    const [any] = held;
    const chosen = fitting ?? (Date.now() > deadline ? any : undefined);
    if (chosen !== undefined) {
      scheduler.offers.delete(at(chosen, 'id', 'value'));
      return chosen;
    }
    for (const id of scheduler.offers.keys()) scheduler.offers.delete(id);
    await scheduler.call('DECLINE', { offer_ids: held.map(({ id }) => id), filters: { refuse_seconds: 0 } });
  }
};

const takeInverseOffer = async ({ capture, inverseOffers }: Scheduler): Promise<JsonObject> => {
  const [offer] = await waitFor(
    `an inverse offer for ${capture.name}`,
    () => inverseOffers.size > 0 && [...inverseOffers.values()],
  );
  if (offer === undefined) throw new Error('there is no inverse offer');
  inverseOffers.clear();
  return offer;
};
