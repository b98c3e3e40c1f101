import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { errorCode, errorMessage } from '../../runtime/error-message.ts';
import { type PlacedDocument, parseDocuments } from '../documents/parse-documents.ts';
import { readSource } from '../documents/read-source.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Terminal } from '../output/terminal.ts';

/** What was given to be applied. */
export interface GivenDefinitions {
  readonly documents: readonly PlacedDocument[];
  /** What it is called, so that it is known again: the last two parts of the first folder's path. */
  readonly setName: string | undefined;
  /** All that was given are folders. */
  readonly areFolders: boolean;
}

const MOST_FILES = 10_000;
const DEEPEST = 20;
const DEFINITION_FILE = /\.(json|ya?ml)$/i;

/**
 * Reads files, URLs, standard input (`-`), and folders with all that is in them, hidden files left out. Throws CliError:
 * for what is not there, for what is no JSON or YAML, and when there is nothing at all.
 */
export const readDefinitions = async (
  given: readonly string[],
  terminal: Terminal,
): Promise<GivenDefinitions> => {
  const documents: PlacedDocument[] = [];
  const folders: string[] = [];
  let isAllFolders = true;
  for (const path of given) {
    const isFolder = await isDirectory(path);
    if (isFolder) folders.push(path);
    else {
      isAllFolders = false;
      if (path !== '-' && !/^https?:/.test(path)) folders.push(dirname(path));
    }
    for (const file of isFolder ? await filesIn(path) : [path]) {
      documents.push(...(await parseDocuments(await readSource(file, terminal))));
    }
  }
  if (documents.length === 0) {
    throw new CliError('failed', `There are no definitions in ${given.join(', ')}`, {
      hint: 'They are looked for in files that end in .json, .yaml or .yml',
    });
  }
  const [folder] = folders;
  return {
    documents,
    setName: folder === undefined ? undefined : await nameOf(folder),
    areFolders: isAllFolders,
  };
};

const isDirectory = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // What is wrong about it is said when it is read.
    return false;
  }
};

const filesIn = async (folder: string, depth = 0): Promise<string[]> => {
  if (depth > DEEPEST) throw new CliError('failed', `${folder} is deeper than ${DEEPEST} folders`);
  const files: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesIn(path, depth + 1)));
    else if (DEFINITION_FILE.test(entry.name)) files.push(path);
    if (files.length > MOST_FILES) {
      throw new CliError('failed', `There are more than ${MOST_FILES} definitions in ${folder}`);
    }
  }
  return files;
};

const entriesOf = async (folder: string) => {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    const what = errorCode(error) === 'EACCES' ? 'may not be read' : `cannot be read: ${errorMessage(error)}`;
    throw new CliError('failed', `${folder} ${what}`, { cause: error });
  }
};

const nameOf = async (folder: string): Promise<string> => {
  const path = await realpath(folder);
  return relative(dirname(dirname(path)), path) || basename(path);
};
