import type { PackageProblem } from '../../sources/file-tree.ts';
import type { AuthoredFile, AuthoredRevision } from '../authored-revision.ts';
import { offsetOf, positionAt } from '../json-tree.ts';

/** One thing that is wrong with a repository, or that its reviewers would ask about. */
export interface Finding {
  /** `error`: the package cannot be used, or other clients refuse it. `certification`: only certified packages must not have it. */
  readonly severity: 'error' | 'warning' | 'certification';
  /** The rule that is broken, such as `unknown-option`. */
  readonly rule: string;
  /** Below the packages folder; a folder's where a file is missing. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Where in a file something is: at a JSON pointer, at an offset of the text, or at a place that is known already. */
export type Place =
  | { readonly pointer: string }
  | { readonly offset: number }
  | { readonly line: number; readonly column: number };

/** Collects what is found in one revision. */
export interface Report {
  error(rule: string, file: string, place: Place, message: string): void;
  warning(rule: string, file: string, place: Place, message: string): void;
  certification(rule: string, file: string, place: Place, message: string): void;
}

/** What one rule, or a few that belong together, look at. */
export type Check = (revision: AuthoredRevision, report: Report) => void | Promise<void>;

export const START: Place = { line: 1, column: 1 };

/** Of one revision, by one report: whoever mends these sees what is left. */
const MOST_FINDINGS = 200;

/** A report that puts findings into a list. An empty file name means the revision as a whole. */
export const reportInto = (findings: Finding[], { path, files }: AuthoredRevision): Report => {
  let count = 0;
  const add =
    (severity: Finding['severity']) =>
    (rule: string, file: string, place: Place, message: string): void => {
      if (++count > MOST_FINDINGS) return;
      findings.push({
        severity,
        rule,
        file: file === '' ? path : `${path}/${file}`,
        ...resolve(files.get(file), place),
        message,
      });
    };
  return { error: add('error'), warning: add('warning'), certification: add('certification') };
};

/** What the reader of a repository has to say of a file. */
export const problemFinding = ({ where, message }: PackageProblem): Finding => ({
  severity: 'error',
  rule: 'file',
  file: where,
  line: 1,
  column: 1,
  message,
});

const resolve = (file: AuthoredFile | undefined, place: Place): { line: number; column: number } => {
  if ('line' in place) return place;
  if (file === undefined) return { line: 1, column: 1 };
  if ('offset' in place) return positionAt(file.text, place.offset);
  return file.document === undefined
    ? { line: 1, column: 1 }
    : positionAt(file.document.text, offsetOf(file.document, place.pointer));
};
