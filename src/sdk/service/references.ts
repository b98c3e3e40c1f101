/** References to what is only known when a task is launched: {{NAME}} in the values of variables and in templates. */

const REFERENCE = /\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g;

/** Names that a text refers to. */
export const referencesOf = (text: string): string[] =>
  [...text.matchAll(REFERENCE)].map(([, name = '']) => name);

/** The text with everything filled in, or the names that are not known. */
export const fillReferences = (
  text: string,
  values: ReadonlyMap<string, string>,
): { text: string } | { unknown: string[] } => {
  const unknown = referencesOf(text).filter((name) => !values.has(name));
  if (unknown.length > 0) return { unknown };
  return { text: text.replace(REFERENCE, (_whole, name: string) => values.get(name) ?? '') };
};
