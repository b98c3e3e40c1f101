/** Something that is wrong with a description. */
export interface SpecProblem {
  /** JSON pointer; the empty one is the whole. */
  readonly path: string;
  readonly message: string;
  /** From 1 on. */
  readonly line: number;
  readonly column: number;
}

/** A service's description cannot be used; the message tells every problem and where it is. */
export class SpecError extends Error {
  readonly problems: readonly SpecProblem[];

  constructor(source: string, problems: readonly SpecProblem[]) {
    super(problems.map((problem) => describe(source, problem)).join('\n'));
    this.name = 'SpecError';
    this.problems = problems;
  }
}

const describe = (source: string, { path, message, line, column }: SpecProblem): string =>
  `${source}:${line}:${column}: ${path === '' ? '' : `${path} `}${message}`;
