import { rename, writeFile } from 'node:fs/promises';
import { errorMessage } from '../../runtime/error-message.ts';
import { CliError } from '../errors/cli-error.ts';

/** Writes a document, YAML or JSON by its name, whole or not at all. Throws CliError. */
export const writeDocument = async (
  path: string,
  document: object,
  { mode = 0o666 }: { readonly mode?: number } = {},
): Promise<void> => {
  const { stringify } = await import('yaml');
  const text = /\.ya?ml$/i.test(path) ? stringify(document) : `${JSON.stringify(document, undefined, 2)}\n`;
  const draft = `${path}.${process.pid}.part`;
  try {
    await writeFile(draft, text, { mode });
    await rename(draft, path);
  } catch (error) {
    throw new CliError('failed', `${path} cannot be written: ${errorMessage(error)}`, { cause: error });
  }
};
