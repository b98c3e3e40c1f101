import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { errorCode, errorMessage } from '../../runtime/error-message.ts';
import { resolveId } from '../apps/app-id.ts';
import { CliError } from '../errors/cli-error.ts';
import type { ExportedDefinition } from './export-definitions.ts';

export interface WrittenDefinitions {
  /** Files whose content is new or has changed, below the folder. */
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** Files of an earlier export whose definitions are not there any more. */
  readonly stale: readonly string[];
}

/** Told apart from whatever else is in the folder; the kind keeps an app /a.b and a group /a apart. */
const OWN_FILE = /\.(app|pod|group)\.(json|yaml)$/;

/**
 * Writes each definition into a file of its own, in folders as the groups are: /shop/web into shop/web.app.json. Throws
 * CliError.
 */
export const writeDefinitions = async (
  definitions: readonly ExportedDefinition[],
  { folder, format }: { folder: string; format: 'json' | 'yaml' },
): Promise<WrittenDefinitions> => {
  const written: string[] = [];
  const unchanged: string[] = [];
  const print = await printer(format);
  try {
    await mkdir(folder, { recursive: true });
    for (const { id, kind, definition } of definitions) {
      // No id leads out of the folder, whoever answers.
      const name = `${resolveId(id).slice(1)}.${kind}.${format}`;
      const path = join(folder, name);
      const text = print(definition);
      if ((await textOf(path)) === text) {
        unchanged.push(name);
        continue;
      }
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      written.push(name);
    }
    const known = new Set([...written, ...unchanged]);
    const all = await readdir(folder, { recursive: true, withFileTypes: true });
    const stale = all
      .filter((entry) => entry.isFile() && OWN_FILE.test(entry.name))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .filter((name) => !known.has(name))
      .sort();
    return { written, unchanged, stale };
  } catch (error) {
    throw new CliError('failed', `${folder} cannot be written: ${errorMessage(error)}`, { cause: error });
  }
};

export const removeFiles = async (folder: string, names: readonly string[]): Promise<void> => {
  for (const name of names) await rm(join(folder, name), { force: true });
};

/** The text of definitions, in one stream. */
export const printDefinitions = async (definitions: readonly ExportedDefinition[]): Promise<string> => {
  const print = await printer('yaml');
  return definitions.map(({ definition }) => `---\n${print(definition)}`).join('');
};

const printer = async (format: 'json' | 'yaml'): Promise<(value: object) => string> => {
  if (format === 'json') return (value) => `${JSON.stringify(value, null, 2)}\n`;
  const { stringify } = await import('yaml');
  // Long commands stay in one line, and equal parts are written out.
  return (value) => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
};

const textOf = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
};
