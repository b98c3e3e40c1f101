import { lstat, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '../../json/json.ts';
import { JsonSyntaxError, parseJson } from '../../json/parse-json.ts';
import { PackageDefect } from '../../package-defect.ts';
import { RenderFailure } from '../../render/render-failure.ts';
import { LARGEST_FILE_BYTES } from '../../sources/file-tree.ts';
import { readFolderTree } from '../../sources/read-file-tree.ts';
import { type FoundRepository, isMeant } from '../find-repository.ts';
import { indentedJson } from '../indented-json.ts';
import { readRevision } from '../read-revision.ts';
import { compareJson, type Difference } from './compare-json.ts';
import { keptRendering } from './kept-rendering.ts';

export const TESTS_FOLDER = 'tests';
const OPTIONS = '.options.json';
const EXPECTED = '.expected.json';
const MOST_TESTS = 10_000;

/** A kept expectation of a package, and how the package of today compares. */
export interface PackageTest {
  /** The path of the options below the packages folder. */
  readonly file: string;
  readonly outcome: 'passed' | 'failed' | 'written';
  readonly differences: readonly Difference[];
  /** Why it could not be compared. */
  readonly trouble?: string;
}

/**
 * Renders every `tests/NAME.options.json` beside a package's files and compares with `tests/NAME.expected.json`. With
 * `isUpdate`, what differs is written there instead. Throws RepositoryError when there is no repository.
 */
export const runPackageTests = async (
  repository: FoundRepository,
  { isUpdate = false } = {},
): Promise<readonly PackageTest[]> => {
  const tree = await readFolderTree(repository.root);
  const folders = new Set([...tree.files.keys()].map((path) => path.slice(0, path.lastIndexOf('/'))));
  const results: PackageTest[] = [];
  for (const folder of folders) {
    if (!isMeant(repository, folder)) continue;
    for (const name of await testNames(join(repository.packages, folder, TESTS_FOLDER))) {
      if (results.length >= MOST_TESTS) throw new PackageDefect(`There are more than ${MOST_TESTS} tests`);
      const file = `${folder}/${TESTS_FOLDER}/${name}${OPTIONS}`;
      try {
        const [, packageName = '', revision = ''] = folder.split('/');
        const definition = await readRevision(tree, { name: packageName, revision: Number(revision) });
        const paths = testPaths(join(repository.packages, folder, TESTS_FOLDER), name);
        results.push({ file, ...(await compare(definition, paths, isUpdate)) });
      } catch (error) {
        results.push({ file, outcome: 'failed', differences: [], trouble: troubleOf(error) });
      }
    }
  }
  return results;
};

const testNames = async (folder: string): Promise<readonly string[]> => {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(OPTIONS))
    .map((name) => name.slice(0, -OPTIONS.length))
    .sort();
};

const testPaths = (folder: string, name: string) => ({
  options: join(folder, `${name}${OPTIONS}`),
  expected: join(folder, `${name}${EXPECTED}`),
});

const compare = async (
  definition: Parameters<typeof keptRendering>[0],
  { options, expected }: ReturnType<typeof testPaths>,
  isUpdate: boolean,
): Promise<Pick<PackageTest, 'outcome' | 'differences'> & { trouble?: string }> => {
  const found = await keptRendering(definition, (await readObject(options)) ?? {});
  const kept = await readObject(expected).catch((error: unknown) => {
    if (isUpdate) return undefined;
    throw error;
  });
  const differences = compareJson(kept, found);
  if (differences.length === 0) return { outcome: 'passed', differences };
  if (isUpdate) {
    await writeFile(expected, indentedJson(found));
    return { outcome: 'written', differences };
  }
  const trouble = 'nothing is kept of it yet: --update writes it';
  return kept === undefined
    ? { outcome: 'failed', differences: [], trouble }
    : { outcome: 'failed', differences };
};

/** Undefined when there is no such file. Links are not followed: they may lead anywhere. */
const readObject = async (path: string): Promise<JsonObject | undefined> => {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return undefined;
  if (!stats.isFile()) throw new PackageDefect(`${path} is no file`);
  if (stats.size > LARGEST_FILE_BYTES)
    throw new PackageDefect(`${path} is larger than ${LARGEST_FILE_BYTES} bytes`);
  const value = parseJson(await readFile(path, 'utf8'));
  if (!isJsonObject(value)) throw new PackageDefect(`${path} holds no object`);
  return value;
};

const troubleOf = (error: unknown): string => {
  const isExpected =
    error instanceof PackageDefect || error instanceof RenderFailure || error instanceof JsonSyntaxError;
  if (isExpected) return error.message;
  throw error;
};
