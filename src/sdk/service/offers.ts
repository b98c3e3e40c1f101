import type { Offer } from '../../mesos/generated/mesos.ts';
import { matchOffers, type Rejections } from './match-offers.ts';
import { OfferDraft } from './offer-draft.ts';
import { isEverythingKnown } from './reconcile.ts';
import { isVolumeAt, type Reserver } from './reservation.ts';
import { isLive } from './state.ts';
import type { Target, Turn } from './turn.ts';
import { forgetPlace } from './updates.ts';

/** Resources that an agent offers come in one offer; one that was under way while they came free may lack them. */
const MISSING_FOR_GOOD_MS = 15_000;
/** What is left of an accepted offer may be of use to the next task at once. */
const LEFT_OVER_REFUSE_SECONDS = 0;
const WANTED_REFUSE_SECONDS = 5;
const UNWANTED_REFUSE_SECONDS = 120;

/** Answers offers: launches what is wanted, destroys what was abandoned, declines the rest. */
export const handleOffers = (turn: Turn, offers: readonly Offer[], wanted: readonly Target[]): Rejections => {
  const reserver: Reserver = {
    service: turn.spec.name,
    role: turn.spec.role,
    principal: turn.spec.principal,
    frameworkId: turn.state.frameworkId ?? '',
  };
  const drafts = offers.map((offer) => new OfferDraft(offer, reserver));
  for (const draft of drafts) {
    destroyAbandoned(turn, draft);
    noticeMissing(turn, draft);
  }
  const usable = drafts.filter(({ operations }) => operations.length === 0);
  const avoided = (instance: string): ReadonlySet<string> => new Set(turn.state.abandoned.get(instance));
  const matched = matchOffers(turn, usable, wanted, avoided);
  answer(turn, [...drafts.filter(({ operations }) => operations.length > 0), ...matched.drafts], wanted);
  return matched.rejections;
};

const answer = (turn: Turn, drafts: readonly OfferDraft[], wanted: readonly Target[]): void => {
  const unused: Offer[] = [];
  for (const { offer, operations } of drafts) {
    if (operations.length === 0) {
      unused.push(offer);
      continue;
    }
    const filters = { refuse_seconds: LEFT_OVER_REFUSE_SECONDS };
    turn.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters } });
  }
  if (unused.length === 0) return;
  const refuse_seconds = wanted.length > 0 ? WANTED_REFUSE_SECONDS : UNWANTED_REFUSE_SECONDS;
  turn.call({
    type: 'DECLINE',
    decline: { offer_ids: unused.map(({ id }) => id), filters: { refuse_seconds } },
  });
};

/** What instances have left behind when they were replaced is destroyed; the agent is theirs to use again only then. */
const destroyAbandoned = (turn: Turn, draft: OfferDraft): void => {
  const agentId = draft.offer.agent_id.value;
  for (const [instance, agents] of turn.state.abandoned) {
    if (!agents.includes(agentId)) continue;
    const held = draft.heldBy(instance);
    if (held.length === 0) {
      if (!isMissingForGood(turn, `abandoned ${instance} ${agentId}`)) continue;
      turn.setAbandoned(
        instance,
        agents.filter((agent) => agent !== agentId),
      );
      continue;
    }
    const volumes = held.filter(({ disk }) => disk?.persistence !== undefined);
    if (volumes.length > 0) draft.operate({ type: 'DESTROY', destroy: { volumes } });
    const plain = held.map(({ disk, ...resource }) =>
      disk?.persistence === undefined && disk ? { ...resource, disk } : resource,
    );
    draft.operate({ type: 'UNRESERVE', unreserve: { resources: plain } });
  }
};

/** An agent that offers nothing of what an instance without tasks has there, time and again, has lost it. */
const noticeMissing = (turn: Turn, draft: OfferDraft): void => {
  // A task that we have not been told of yet may have it all.
  if (!isEverythingKnown(turn)) return;
  for (const [instance, record] of turn.state.instances) {
    if (record.agentId !== draft.offer.agent_id.value) continue;
    const tasks = turn.tasksOf(instance);
    if (tasks.some(({ name }) => isLive(turn.state.tasks.get(name))) || holdsAny(draft, instance, tasks)) {
      turn.state.missingSince.delete(instance);
    } else if (!record.isConfirmed || isMissingForGood(turn, instance)) {
      forgetPlace(turn, instance);
    }
  }
};

const holdsAny = (draft: OfferDraft, instance: string, tasks: readonly Target[]): boolean => {
  const held = draft.heldBy(instance);
  const volumes = tasks[0]?.pod.volumes ?? [];
  // Without its volumes a place is worth nothing, whatever else is left of it.
  return held.length > 0 && volumes.every(({ path }) => held.some((resource) => isVolumeAt(resource, path)));
};

const isMissingForGood = ({ state: { missingSince }, nowMs }: Turn, what: string): boolean => {
  const since = missingSince.get(what);
  if (since === undefined) missingSince.set(what, nowMs);
  else if (nowMs - since >= MISSING_FOR_GOOD_MS) return missingSince.delete(what);
  return false;
};
