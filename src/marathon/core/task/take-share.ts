import type { Resource } from '../../../mesos/generated/mesos.ts';
import { isPersistentVolume } from '../../../mesos/resources/traits.ts';

const THOUSANDTHS = 1000;

/** Divides what was taken from an offer: amounts of scalars by name for one party, volumes and all else for the rest. */
export const takeShare = (
  resources: readonly Resource[],
  amounts: Readonly<Record<string, number>>,
): { taken: Resource[]; rest: Resource[] } => {
  const wanted = new Map(
    Object.entries(amounts).map(([name, amount]) => [name, Math.round(amount * THOUSANDTHS)]),
  );
  const taken: Resource[] = [];
  const rest: Resource[] = [];
  for (const resource of resources) {
    const offered = Math.round((resource.scalar?.value ?? 0) * THOUSANDTHS);
    const share =
      resource.type === 'SCALAR' && !isPersistentVolume(resource)
        ? Math.min(offered, wanted.get(resource.name) ?? 0)
        : 0;
    if (share === 0) {
      rest.push(resource);
      continue;
    }
    wanted.set(resource.name, (wanted.get(resource.name) ?? 0) - share);
    taken.push({ ...resource, scalar: { value: share / THOUSANDTHS } });
    if (offered > share) rest.push({ ...resource, scalar: { value: (offered - share) / THOUSANDTHS } });
  }
  return { taken, rest };
};
