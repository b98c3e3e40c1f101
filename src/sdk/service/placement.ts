import type { PlacementConstraint } from './spec.ts';
import type { InstanceRecord } from './state.ts';

/** An agent, as far as placement looks at it. */
export type Place = Pick<InstanceRecord, 'hostname' | 'attributes'>;

/**
 * Why an instance may not have its place there, or undefined when it may. `others` are the places of the pod's other
 * instances. The operators are Marathon's.
 */
export const placementRefusal = (
  constraints: readonly PlacementConstraint[],
  place: Place,
  others: readonly Place[],
): string | undefined => {
  const refusing = constraints.find((constraint) => !isMet(constraint, place, others));
  return (
    refusing && `placement: ${[refusing.field, refusing.operator, refusing.value ?? ''].join(' ').trim()}`
  );
};

const isMet = (
  { field, operator, value = '' }: PlacementConstraint,
  place: Place,
  others: readonly Place[],
): boolean => {
  const here = fieldOf(place, field);
  if (operator === 'UNLIKE') return here === undefined || !matches(here, value);
  if (here === undefined) return false;
  const taken = others.flatMap((other) => fieldOf(other, field) ?? []);
  const count = taken.filter((other) => other === here).length;
  switch (operator) {
    case 'UNIQUE':
      return count === 0;
    case 'MAX_PER':
      return count < Number(value);
    case 'CLUSTER':
    case 'IS':
      return here === value;
    case 'LIKE':
      return matches(here, value);
    case 'GROUP_BY':
      return count <= leastUsed(taken, value === '' ? 1 : Number(value));
  }
};

const fieldOf = ({ hostname, attributes }: Place, field: string): string | undefined =>
  field === 'hostname' ? hostname : attributes[field];

const matches = (text: string, pattern: string): boolean => new RegExp(`^(?:${pattern})$`).test(text);

/** Instances of the least used group, of which there are at least so many, seen or not. */
const leastUsed = (taken: readonly string[], groups: number): number => {
  const counts = new Map<string, number>();
  for (const value of taken) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts.size < groups || counts.size === 0 ? 0 : Math.min(...counts.values());
};
