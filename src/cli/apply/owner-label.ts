import type { SpecDefinition } from '../../clients/marathon-definitions-client.ts';
import type { FieldChange } from './planned-change.ts';

/** Says which set of definitions an app or a pod was applied from; by it --prune knows what is its own. */
export const OWNER_LABEL = 'PLENUM_APPLIED_BY';

export const ownerOf = ({ labels }: SpecDefinition): string | undefined => {
  const owner = isObject(labels) ? labels[OWNER_LABEL] : undefined;
  return typeof owner === 'string' ? owner : undefined;
};

/** With the owner put in, unless the definition names one itself. */
export const ownedBy = (definition: SpecDefinition, owner: string | undefined): SpecDefinition =>
  owner === undefined || ownerOf(definition) !== undefined
    ? definition
    : {
        ...definition,
        labels: { ...(isObject(definition.labels) ? definition.labels : {}), [OWNER_LABEL]: owner },
      };

/** Nothing else differs: whoever owns it, it is as it should be. */
export const isOwnerAlone = (changes: readonly FieldChange[]): boolean =>
  changes.length > 0 && changes.every(isOfOwner);

const isOfOwner = ({ path, before, after }: FieldChange): boolean =>
  path === `/labels/${OWNER_LABEL}` ||
  // Where a definition had no labels at all.
  (path === '/labels' &&
    before === undefined &&
    isObject(after) &&
    Object.keys(after).every((key) => key === OWNER_LABEL));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
