import { decodeUtf8 } from '../decode-utf8.ts';
import { isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import { JsonSyntaxError } from '../json/parse-json.ts';
import { PackageDefect } from '../package-defect.ts';
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

/** The contents of a revision's files, not looked into yet; for what could not be read, why. */
export interface RevisionContents {
  readonly path: string;
  readonly contents: ReadonlyMap<string, Buffer | string>;
}

/** The revisions of a tree, by package and then by number. Files are read one after the other. */
export async function* readRevisionContents(tree: FileTree): AsyncGenerator<RevisionContents> {
  const folders = new Map<string, Map<string, TreeFile>>();
  for (const [path, file] of tree.files) {
    const end = path.lastIndexOf('/');
    const files = folders.get(path.slice(0, end)) ?? new Map<string, TreeFile>();
    folders.set(path.slice(0, end), files.set(path.slice(end + 1), file));
  }
  for (const [path, files] of [...folders].sort(([one], [other]) => compareRevisions(one, other))) {
    const contents = new Map<string, Buffer | string>();
    for (const [name, file] of files) contents.set(name, await readContent(file));
    yield { path, contents };
  }
}

/** A revision with its files understood as far as they can be. */
export const authoredRevision = ({ path, contents }: RevisionContents): AuthoredRevision => {
  const [letter = '', name = '', revision = ''] = path.split('/');
  const files = [...contents].map(([file, content]): [string, AuthoredFile] => [
    file,
    authoredFile(file, content),
  ]);
  return { path, letter, name, revision, files: new Map(files) };
};

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

const readContent = async (file: TreeFile): Promise<Buffer | string> => {
  try {
    const bytes = await file.read();
    return bytes.length > LARGEST_FILE_BYTES ? `is larger than ${LARGEST_FILE_BYTES} bytes` : bytes;
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : error}`;
  }
};

const authoredFile = (name: string, content: Buffer | string): AuthoredFile => {
  if (typeof content === 'string') return troubled('', { message: content });
  try {
    const text = decodeUtf8(content);
    return name.endsWith('.json') ? { text, document: readJsonDocument(text) } : { text };
  } catch (error) {
    const [, line, column, message] = PLACED.exec(error instanceof Error ? error.message : '') ?? [];
    if (error instanceof JsonSyntaxError) {
      const told = `is no JSON: ${message ?? error.message}`;
      return troubled(content.toString('utf8'), { message: told, line, column });
    }
    if (!(error instanceof PackageDefect)) throw error;
    return troubled(content.toString('latin1'), { message: 'is not UTF-8', line });
  }
};

/** Messages that begin with their place. */
const PLACED = /^line (\d+)(?:, column (\d+):)? (.*)$/s;

const troubled = (
  text: string,
  {
    message,
    line = '1',
    column = '1',
  }: { message: string; line?: string | undefined; column?: string | undefined },
): AuthoredFile => ({ text, trouble: { message, line: Number(line), column: Number(column) } });
