import type { Attribute } from '../generated/mesos.ts';

/** Attributes by name as the v0 reads show them: numbers, and text for everything else (mesos.md 3.9.1). */
export const attributesJson = (attributes: readonly Attribute[]): Record<string, string | number> =>
  Object.fromEntries(attributes.map((attribute) => [attribute.name, attributeValue(attribute)]));

const attributeValue = ({ type, scalar, ranges, set, text }: Attribute): string | number => {
  switch (type) {
    case 'SCALAR':
      return scalar?.value ?? 0;
    case 'TEXT':
      return text?.value ?? '';
    case 'SET':
      return `{${(set?.item ?? []).join(', ')}}`;
    case 'RANGES':
      return `[${(ranges?.range ?? []).map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`;
  }
};
