import type { FileTree } from '../../sources/file-tree.ts';
import { type AuthoredRevision, authoredRevision, readRevisionContents } from '../authored-revision.ts';
import { certify } from './certify.ts';
import { checkConfig } from './check-config.ts';
import { checkFolders, checkPresence, checkTexts } from './check-files.ts';
import { checkHistory } from './check-history.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkRendering } from './check-rendering.ts';
import { checkResource } from './check-resource.ts';
import { checkTemplate } from './check-template.ts';
import { type Check, type Finding, problemFinding, reportInto } from './finding.ts';

export interface LintOptions {
  /** Whether to look for what only certified packages must not have. */
  readonly certify: boolean;
  /** Which revisions are looked at, by their path below the packages folder; default: all. */
  readonly isWanted?: (path: string) => boolean;
}

export interface LintResult {
  readonly findings: readonly Finding[];
  readonly packages: number;
  readonly revisions: number;
}

/** Those that say whether a package is one at all. */
const VALIDITY: readonly Check[] = [
  checkFolders,
  checkPresence,
  checkTexts,
  checkMetadata,
  checkConfig,
  checkResource,
  checkTemplate,
];
const CHECKS: readonly Check[] = [...VALIDITY, checkRendering];

/** Rules that only the texts of an author can break: what is built of them is in order. */
const MENDED_BY_BUILDING = new Set(['ascii', 'duplicate-key']);

/** What keeps a revision out of a built repository; nothing is rendered. */
export const findDefects = async (revision: AuthoredRevision): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  const report = reportInto(findings, revision);
  for (const check of VALIDITY) await check(revision, report);
  return findings.filter(({ severity, rule }) => severity === 'error' && !MENDED_BY_BUILDING.has(rule));
};

/** Everything that is wrong with a repository, by file and place. Nothing of the repository is run but its templates. */
export const lintRepository = async (
  tree: FileTree,
  { certify: isCertifying, isWanted = () => true }: LintOptions,
): Promise<LintResult> => {
  const findings: Finding[] = tree.problems.filter(({ where }) => isWanted(where)).map(problemFinding);
  const packages = new Map<string, AuthoredRevision[]>();
  let count = 0;
  for await (const contents of readRevisionContents(tree)) {
    const revision = authoredRevision(contents);
    packages.set(revision.name, [...(packages.get(revision.name) ?? []), withoutTexts(revision)]);
    if (!isWanted(revision.path)) continue;
    count++;
    const report = reportInto(findings, revision);
    for (const check of CHECKS) await check(revision, report);
    if (isCertifying) await certify(revision, report);
  }
  const history: Finding[] = [];
  for (const revisions of packages.values()) checkHistory(revisions, history);
  findings.push(...history.filter(({ file }) => isWanted(file)));
  const looked = [...packages.values()].filter((revisions) => revisions.some(({ path }) => isWanted(path)));
  return { findings: findings.sort(byPlace), packages: looked.length, revisions: count };
};

/** What the history of a package is judged by; the rest of a large repository need not stay in memory. */
const withoutTexts = (revision: AuthoredRevision): AuthoredRevision => {
  const metadata = revision.files.get('package.json');
  return { ...revision, files: new Map(metadata === undefined ? [] : [['package.json', metadata]]) };
};

const byPlace = (one: Finding, other: Finding): number =>
  compare(one.file, other.file) || one.line - other.line || one.column - other.column;

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
