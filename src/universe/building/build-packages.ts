import { type AuthoredRevision, readAuthoredRevisions } from '../authoring/authored-revision.ts';
import type { Finding } from '../authoring/lint/finding.ts';
import { findDefects } from '../authoring/lint/lint-repository.ts';
import type { FileTree } from '../sources/file-tree.ts';
import { type BuiltPackage, buildPackage } from './built-package.ts';

export interface BuiltPackages {
  /** By name and revision. */
  readonly packages: readonly BuiltPackage[];
  /** Why revisions are left out: each of them has at least one. */
  readonly defects: readonly Finding[];
}

/** Builds every revision of a repository in which nothing is wrong; the others are left out, and it is said why. */
export const buildPackages = async (tree: FileTree): Promise<BuiltPackages> => {
  const packages: BuiltPackage[] = [];
  const defects: Finding[] = tree.problems.map(({ where, message }) => ({
    severity: 'error',
    rule: 'file',
    file: where,
    line: 1,
    column: 1,
    message,
  }));
  for await (const revision of readAuthoredRevisions(tree)) {
    const own = await findDefects(revision);
    if (own.length === 0 && !isLinked(revision, tree)) packages.push(buildPackage(revision));
    defects.push(...own);
  }
  return { packages, defects };
};

/** A file of it is a link out of the repository: without that file it would be another package. */
const isLinked = ({ path }: AuthoredRevision, { problems }: FileTree): boolean =>
  problems.some(({ where }) => where.startsWith(`${path}/`));
