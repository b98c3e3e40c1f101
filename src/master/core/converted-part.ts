import type { Resource } from '../../mesos/generated/mesos.ts';
import { subtractResources } from '../../mesos/resources/arithmetic.ts';

/** Divides what is left of an offer into what operations made of it and what simply was not used. */
export const convertedPart = (
  left: readonly Resource[],
  offered: readonly Resource[],
): { converted: Resource[]; declined: Resource[] } => {
  const converted: Resource[] = [];
  const declined: Resource[] = [];
  for (const resource of left) {
    const isAsOffered = subtractResources(offered, [resource]) !== undefined;
    (isAsOffered ? declined : converted).push(resource);
  }
  return { converted, declined };
};
