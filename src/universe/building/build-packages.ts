import { createHash } from 'node:crypto';
import {
  authoredRevision,
  type RevisionContents,
  readRevisionContents,
} from '../authoring/authored-revision.ts';
import type { Finding } from '../authoring/lint/finding.ts';
import { findDefects } from '../authoring/lint/lint-repository.ts';
import type { FileTree } from '../sources/file-tree.ts';
import { createTurns } from '../turns.ts';
import { type BuiltPackage, buildPackage } from './built-package.ts';

export interface BuiltPackages {
  /** By name and revision. */
  readonly packages: readonly BuiltPackage[];
  /** Why revisions are left out: each of them has at least one. */
  readonly defects: readonly Finding[];
  /** What was made of each revision, for the next build. */
  readonly revisions: ReadonlyMap<string, BuiltRevision>;
}

interface BuiltRevision {
  /** Of its files. */
  readonly hash: string;
  /** Undefined when something is wrong with it. */
  readonly built: BuiltPackage | undefined;
  readonly defects: readonly Finding[];
}

/**
 * Builds every revision of a repository in which nothing is wrong; the others are left out, and it is said why. Revisions
 * whose files are those of an earlier build are not built again.
 */
export const buildPackages = async (
  tree: FileTree,
  earlier: ReadonlyMap<string, BuiltRevision> = new Map(),
): Promise<BuiltPackages> => {
  const turn = createTurns();
  const revisions = new Map<string, BuiltRevision>();
  for await (const contents of readRevisionContents(tree)) {
    const { path } = contents;
    const hash = hashOf(contents);
    const known = earlier.get(path);
    revisions.set(path, known?.hash === hash ? known : await buildRevision(contents, hash));
    await turn();
  }
  // A file that is a link out of the repository is not there: without it the revision would be another one.
  const linked = new Set(tree.problems.map(({ where }) => where.split('/').slice(0, 3).join('/')));
  const all = [...revisions];
  return {
    packages: all.flatMap(([path, { built }]) => (built === undefined || linked.has(path) ? [] : [built])),
    defects: [...tree.problems.map(problemFinding), ...all.flatMap(([, { defects }]) => defects)],
    revisions,
  };
};

const buildRevision = async (contents: RevisionContents, hash: string): Promise<BuiltRevision> => {
  const revision = authoredRevision(contents);
  const defects = await findDefects(revision);
  return { hash, built: defects.length === 0 ? buildPackage(revision) : undefined, defects };
};

const hashOf = ({ contents }: RevisionContents): string => {
  const hash = createHash('sha256');
  for (const [name, content] of contents) hash.update(`${name} ${content.length}\n`).update(content);
  return hash.digest('base64');
};

const problemFinding = ({ where, message }: FileTree['problems'][number]): Finding => ({
  severity: 'error',
  rule: 'file',
  file: where,
  line: 1,
  column: 1,
  message,
});
