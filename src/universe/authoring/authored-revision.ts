import { isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import { JsonSyntaxError } from '../json/parse-json.ts';
import { type FileTree, LARGEST_FILE_BYTES, type TreeFile } from '../sources/file-tree.ts';
import { type JsonDocument, readJsonDocument } from './json-tree.ts';

/** One revision of a package as its author wrote it: the texts of its files, whatever is wrong with them. */
export interface AuthoredRevision {
  /** Below the packages folder, such as `C/cassandra/0`. */
  readonly path: string;
  readonly letter: string;
  readonly name: string;
  /** The name of the revision's folder. */
  readonly revision: string;
  /** By the name of the file. */
  readonly files: ReadonlyMap<string, AuthoredFile>;
}

export interface AuthoredFile {
  readonly text: string;
  /** What could not be read of it, as text or as JSON. */
  readonly trouble?: { readonly message: string; readonly line: number; readonly column: number };
  /** Of a JSON file without trouble. */
  readonly document?: JsonDocument;
}

/** The revisions of a tree, by package and then by number. Files are read one after the other. */
export async function* readAuthoredRevisions(tree: FileTree): AsyncGenerator<AuthoredRevision> {
  const folders = new Map<string, Map<string, TreeFile>>();
  for (const [path, file] of tree.files) {
    const end = path.lastIndexOf('/');
    const files = folders.get(path.slice(0, end)) ?? new Map<string, TreeFile>();
    folders.set(path.slice(0, end), files.set(path.slice(end + 1), file));
  }
  for (const [path, files] of [...folders].sort(([one], [other]) => compareRevisions(one, other))) {
    const [letter = '', name = '', revision = ''] = path.split('/');
    const authored = new Map<string, AuthoredFile>();
    for (const [file, content] of files) authored.set(file, await readAuthoredFile(file, content));
    yield { path, letter, name, revision, files: authored };
  }
}

/** The object that a JSON file holds, or undefined. */
export const objectOf = ({ files }: AuthoredRevision, name: string): JsonObject | undefined => {
  const value: Json | undefined = files.get(name)?.document?.value;
  return isJsonObject(value) ? value : undefined;
};

const compareRevisions = (one: string, other: string): number => {
  const [folder, revision] = split(one);
  const [otherFolder, otherRevision] = split(other);
  if (folder !== otherFolder) return folder < otherFolder ? -1 : 1;
  return Number(revision) - Number(otherRevision) || (revision < otherRevision ? -1 : 1);
};

const split = (path: string): [string, string] => {
  const end = path.lastIndexOf('/');
  return [path.slice(0, end), path.slice(end + 1)];
};

const readAuthoredFile = async (name: string, file: TreeFile): Promise<AuthoredFile> => {
  let bytes: Buffer;
  try {
    bytes = await file.read();
  } catch (error) {
    return troubled('', `cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  if (bytes.length > LARGEST_FILE_BYTES) return troubled('', `is larger than ${LARGEST_FILE_BYTES} bytes`);
  const text = decodeUtf8(bytes);
  if (text === undefined) return troubled(bytes.toString('latin1'), 'is not UTF-8');
  if (!name.endsWith('.json')) return { text };
  try {
    return { text, document: readJsonDocument(text) };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const [, line = '1', column = '1', message = error.message] =
      /^line (\d+), column (\d+): (.*)$/s.exec(error.message) ?? [];
    return {
      text,
      trouble: { message: `is no JSON: ${message}`, line: Number(line), column: Number(column) },
    };
  }
};

const troubled = (text: string, message: string): AuthoredFile => ({
  text,
  trouble: { message, line: 1, column: 1 },
});

const decodeUtf8 = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};
