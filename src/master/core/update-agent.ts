import type { Resource } from '../../mesos/generated/mesos.ts';
import { offersOf, rescindOffer } from './offers.ts';
import { type Agent, touch } from './state.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/** Of what an agent says is oversubscribed, what can be: scalars and the like for everybody, to be taken back at any moment. */
export const oversubscribedOf = (resources: readonly Resource[] = []): Resource[] =>
  resources.filter(
    ({ revocable, reservations = [], disk, shared }) =>
      revocable !== undefined && reservations.length === 0 && !disk && !shared,
  );

/** Other resources than before can be oversubscribed: offers of the old ones are void (mesos.md 6.8). */
export const updateOversubscribed = (
  turn: Turn,
  agent: Agent,
  { oversubscribed_resources }: { oversubscribed_resources: readonly Resource[] },
): void => {
  turn.count('master/messages_update_slave');
  for (const offer of offersOf(turn, agent.offerIds)) {
    if (offer.resources.some(({ revocable }) => revocable)) rescindOffer(turn, offer);
  }
  const firm = agent.total.filter(({ revocable }) => !revocable);
  agent.total = [...firm, ...oversubscribedOf(oversubscribed_resources)];
  touch(agent);
  turn.allocator.updateAgent(agent.id, { total: agent.total });
  wantAllocation(turn, [agent.id]);
};
