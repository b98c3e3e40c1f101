/** A value for a place in a document: `agents.small.count` is the count of the one in the list that has that name. */
export interface Assignment {
  readonly path: readonly string[];
  readonly value: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy of the document with the values in their places; lists are entered by index or by the name of a member. */
export const setValues = (document: unknown, assignments: readonly Assignment[]): unknown =>
  assignments.reduce((result, { path, value }) => put(result, path, value), document);

const put = (holder: unknown, [first, ...rest]: readonly string[], value: unknown): unknown => {
  if (first === undefined) return value;
  if (Array.isArray(holder)) {
    const named = holder.findIndex((member) => isObject(member) && member.name === first);
    const index = named >= 0 ? named : Number(first);
    // An index that is none leads nowhere: what is put there is refused with its name.
    if (!Number.isInteger(index) || index < 0 || index > holder.length)
      return [...holder, { [first]: value }];
    return [...holder.slice(0, index), put(holder[index], rest, value), ...holder.slice(index + 1)];
  }
  const object = isObject(holder) ? holder : {};
  return { ...object, [first]: put(Object.hasOwn(object, first) ? object[first] : undefined, rest, value) };
};
