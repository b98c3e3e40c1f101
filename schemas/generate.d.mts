/** The TypeScript types of every schema: file name to content. */
export function generate(): Promise<Map<string, string>>;
