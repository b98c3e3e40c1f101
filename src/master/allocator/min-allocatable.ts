import type { OfferFilters } from '../../mesos/generated/mesos.ts';
import type { Amounts } from './allocator-types.ts';
import { covers, type Quantities, quantitiesOf, toThousandths } from './quantities.ts';

/** Alternatives: resources are worth an offer when they have all of at least one; of none, anything is (mesos.md 5.5). */
export type MinAllocatable = readonly Quantities[];

const DEFAULT_ALTERNATIVES: readonly Amounts[] = [{ cpus: 0.01 }, { mem: 32 }];

export const minAllocatableOf = (alternatives: readonly Amounts[] = DEFAULT_ALTERNATIVES): MinAllocatable =>
  alternatives.map(quantitiesOf);

/** What a framework asks for in a role instead; undefined when it says nothing. */
export const minAllocatableOfFilters = (filters: OfferFilters | undefined): MinAllocatable | undefined => {
  const alternatives = filters?.min_allocatable_resources;
  return alternatives
    ? (alternatives.quantities ?? []).map(
        ({ quantities = {} }) =>
          new Map(Object.entries(quantities).map(([name, { value }]) => [name, toThousandths(value)])),
      )
    : undefined;
};

export const isAllocatable = (scalars: Quantities, alternatives: MinAllocatable): boolean =>
  alternatives.length === 0 || alternatives.some((alternative) => covers(scalars, alternative));
