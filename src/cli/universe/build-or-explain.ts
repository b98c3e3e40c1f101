import { findRepository } from '../../universe/authoring/find-repository.ts';
import { type BuiltPackages, buildPackages } from '../../universe/building/build-packages.ts';
import type { FileTree } from '../../universe/sources/file-tree.ts';
import { readFolderTree } from '../../universe/sources/read-file-tree.ts';
import { CliError } from '../errors/cli-error.ts';
import { PLAIN } from '../output/paint.ts';
import { explained } from './authoring-error.ts';
import { findingLine } from './finding-line.ts';

export interface BuiltRepository extends BuiltPackages {
  readonly tree: FileTree;
  /** What is wrong with packages, a line each. */
  readonly lines: readonly string[];
}

/** Builds all packages of a folder. Throws CliError with every place where something is wrong, unless told to go on. */
export const buildOrExplain = (path: string, { keepsGoing = false } = {}): Promise<BuiltRepository> =>
  explained(async () => {
    const repository = await findRepository(path);
    const tree = await readFolderTree(repository.root);
    const built = await buildPackages(tree);
    const lines = built.defects.map((one) =>
      findingLine(one, { packages: repository.packages, paint: PLAIN }),
    );
    if (lines.length === 0 || keepsGoing) return { ...built, tree, lines };
    throw new CliError('failed', 'Something is wrong with packages', {
      details: lines,
      hint: 'plenum universe lint tells everything',
    });
  });
