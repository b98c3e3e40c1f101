/**
 * The same message with the values of secrets left out, for those who only look. Parts without any are the same objects
 * as before, so that what is shared stays shared.
 */
export const withoutSecrets = <Part>(part: Part): Part => {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) {
    const items = part.map(withoutSecrets);
    return items.some((item, index) => item !== part[index]) ? (items as Part) : part;
  }
  if (isSecretValue(part)) return { ...part, value: { data: '' } };
  const entries = Object.entries(part);
  const values = entries.map(([, value]) => withoutSecrets(value));
  if (values.every((value, index) => value === entries[index]?.[1])) return part;
  return Object.fromEntries(entries.map(([key], index) => [key, values[index]])) as Part;
};

/** Secret is the one message with a type VALUE and bytes in `value` (mesos.md B). */
const isSecretValue = (part: object): boolean =>
  'type' in part &&
  part.type === 'VALUE' &&
  'value' in part &&
  typeof part.value === 'object' &&
  part.value !== null &&
  'data' in part.value;
