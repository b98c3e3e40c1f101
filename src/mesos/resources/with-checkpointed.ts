import type { Resource } from '../generated/mesos.ts';
import { addResources, subtractResources } from './arithmetic.ts';

/**
 * An agent's resources: those of its flags with what was reserved and created on them. Throws when its flags give it less
 * than that: somebody's reservation or data would be forgotten.
 */
export const withCheckpointed = (
  initial: readonly Resource[],
  checkpointed: readonly Resource[],
): Resource[] => {
  const left = subtractResources(initial, checkpointed.map(toPlain));
  if (!left) {
    throw new Error(
      'The resources of this agent do not contain what was reserved on it before: start it with resources that do',
    );
  }
  return addResources(left, checkpointed);
};

/** The same without what was reserved and created: the resources as the agent's flags give them. */
export const withoutCheckpointed = (resources: readonly Resource[]): Resource[] =>
  addResources([], resources.map(toPlain));

/** What a reservation or a volume was made from: static reservations stay. */
const toPlain = ({ reservations = [], disk, shared: _shared, ...resource }: Resource): Resource => {
  const kept = reservations.filter(({ type }) => type === 'STATIC');
  return {
    ...resource,
    ...(kept.length === 0 ? {} : { reservations: kept }),
    ...(disk?.source ? { disk: { source: disk.source } } : {}),
  };
};
