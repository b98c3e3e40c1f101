/** One thing that is wrong with a scenario. */
export interface ScenarioProblem {
  /** JSON pointer; empty for the whole. */
  readonly path: string;
  readonly message: string;
  /** Of the file; undefined for what was not written there. */
  readonly line?: number;
  readonly column?: number;
}

/** A scenario, or a state that one begins with, that cannot be simulated. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly problems: readonly ScenarioProblem[];
  readonly source: string;

  /** `source` is how the document is called: a path. */
  constructor(source: string, problems: readonly ScenarioProblem[]) {
    super(problems.map((problem) => problemText(source, problem)).join('\n'));
    this.source = source;
    this.problems = problems;
  }
}

const problemText = (source: string, { path, message, line, column }: ScenarioProblem): string =>
  [line === undefined ? source : `${source}:${line}:${column}`, path, message]
    .filter((part) => part !== '')
    .join(': ');
