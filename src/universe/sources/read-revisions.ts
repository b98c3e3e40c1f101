import { decodeUtf8 } from '../decode-utf8.ts';
import { decodeDefinition } from '../definition/decode-definition.ts';
import { type PackedDefinition, packDefinition } from '../definition/packed-definition.ts';
import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import { parseJson } from '../json/parse-json.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { PackageDefect } from '../package-defect.ts';
import { createTurns } from '../turns.ts';
import {
  type FileTree,
  LARGEST_FILE_BYTES,
  LARGEST_TREE_BYTES,
  MOST_PROBLEMS,
  type PackageProblem,
  type TreeFile,
} from './file-tree.ts';
import type { LoadedRepository } from './loaded-repository.ts';

const TEMPLATE_FILE = 'marathon.json.mustache';
/** Revisions whose files are awaited at once. */
const MOST_AT_ONCE = 16;

type RevisionFolder = ReadonlyMap<string, TreeFile>;

/**
 * Reads all revisions of a folder repository (reference 1.2 to 1.8). Each is read on its own: one that is broken is a
 * problem of the result and hides no other.
 */
export const readRevisions = async (tree: FileTree): Promise<Omit<LoadedRepository, 'signature'>> => {
  let totalBytes = 0;
  const turn = createTurns();
  const read = async ([path, folder]: [string, RevisionFolder]): Promise<
    PackedDefinition | PackageProblem
  > => {
    await turn();
    totalBytes += [...folder.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    try {
      if (totalBytes > LARGEST_TREE_BYTES) throw new PackageDefect('the repository is too large: not read');
      return await readRevision(path, folder);
    } catch (error) {
      return { where: path, message: error instanceof Error ? error.message : String(error) };
    }
  };
  const results = await mapConcurrently([...groupByRevision(tree)], MOST_AT_ONCE, read);
  const definitions = results.filter((result) => 'summary' in result);
  const problems = [...tree.problems, ...results.filter((result) => 'where' in result)];
  return { definitions, problems: problems.slice(0, MOST_PROBLEMS) };
};

const groupByRevision = (tree: FileTree): ReadonlyMap<string, RevisionFolder> => {
  const revisions = new Map<string, Map<string, TreeFile>>();
  for (const [path, file] of tree.files) {
    const end = path.lastIndexOf('/');
    const folder = path.slice(0, end);
    const files = revisions.get(folder) ?? new Map<string, TreeFile>();
    files.set(path.slice(end + 1), file);
    revisions.set(folder, files);
  }
  return revisions;
};

const readRevision = async (path: string, folder: RevisionFolder): Promise<PackedDefinition> => {
  const [, name = '', revision = ''] = path.split('/');
  if (!/^(0|[1-9]\d{0,14})$/.test(revision))
    throw new PackageDefect('the name of a revision’s folder must be its number');
  const metadata = await readDocument(folder, 'package.json');
  if (!isJsonObject(metadata)) throw new PackageDefect('package.json: is missing or no object');
  const template = await readContent(folder, TEMPLATE_FILE);
  if (template !== undefined) inFile(TEMPLATE_FILE, () => decodeUtf8(template));
  const built: JsonObject = {
    ...metadata,
    releaseVersion: Number(revision),
    config: await readDocument(folder, 'config.json'),
    resource: await readDocument(folder, 'resource.json'),
    command: await readDocument(folder, 'command.json'),
    marathon: template?.length ? { v2AppMustacheTemplate: template.toString('base64') } : null,
  };
  const definition = decodeDefinition(built);
  if (definition.name !== name) {
    throw new PackageDefect(`package.json: /name is ${definition.name}, but the folder is ${name}`);
  }
  checkFiles(built);
  return packDefinition(definition);
};

/** Which file a packaging version demands and which it forbids. */
const checkFiles = (built: JsonObject): void => {
  const packagingVersion = String(entryOf(built, 'packagingVersion'));
  if (packagingVersion === '2.0' && built.marathon === null) {
    throw new PackageDefect('marathon.json.mustache: is required in packaging 2.0');
  }
  if (packagingVersion >= '4.0' && built.command !== null) {
    throw new PackageDefect('command.json: is not allowed from packaging 4.0');
  }
};

const readDocument = async (folder: RevisionFolder, name: string): Promise<Json> => {
  const content = await readContent(folder, name);
  return content === undefined ? null : inFile(name, () => parseJson(decodeUtf8(content)));
};

/** What a piece of work throws is told of the file. */
const inFile = <Result>(name: string, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw new PackageDefect(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
};

const readContent = async (folder: RevisionFolder, name: string): Promise<Buffer | undefined> => {
  const file = folder.get(name);
  if (!file) return undefined;
  const tooLarge = `${name}: is larger than ${LARGEST_FILE_BYTES} bytes`;
  if (file.sizeBytes > LARGEST_FILE_BYTES) throw new PackageDefect(tooLarge);
  const content = await file.read();
  if (content.length > LARGEST_FILE_BYTES) throw new PackageDefect(tooLarge);
  return content;
};
