import { parseDocument } from '../documents/parse-document.ts';
import { readSource } from '../documents/read-source.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Terminal } from '../output/terminal.ts';

/** A job or a schedule as somebody wrote it, with an id. Throws CliError. */
export const readWithId = async (
  given: string | undefined,
  { what, terminal }: { what: 'job' | 'schedule'; terminal: Terminal },
): Promise<Readonly<Record<string, unknown>> & { readonly id: string }> => {
  const source = await readSource(given, terminal);
  const document = await parseDocument(source);
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
    const { id } = document as { id?: unknown };
    if (typeof id === 'string') return { ...document, id };
  }
  throw new CliError('failed', `${source.name}: the ${what} needs an "id", such as "nightly"`);
};
