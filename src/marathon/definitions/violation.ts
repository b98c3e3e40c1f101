/** One thing that is wrong with a document: where (`/healthChecks(0)/portIndex`, `/` being all of it) and what. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

/**
 * A document that is refused. `malformed`: it does not have the form that the schema describes; `invalid`: it has, but
 * what it asks for makes no sense. Marathon words the two differently (marathon.md 1.2).
 */
export class InvalidDocument extends Error {
  override readonly name = 'InvalidDocument';
  readonly kind: 'malformed' | 'invalid';
  readonly violations: readonly Violation[];

  constructor(kind: 'malformed' | 'invalid', violations: readonly Violation[]) {
    super(violations.map(({ path, message }) => `${path}: ${message}`).join('; '));
    this.kind = kind;
    this.violations = violations;
  }
}

/** Throws InvalidDocument when there is a violation. */
export const refuseInvalid = (violations: readonly Violation[]): void => {
  if (violations.length > 0) throw new InvalidDocument('invalid', violations);
};

/** The same violations, in a document that holds the one they were found in at `prefix`. */
export const within = (prefix: string, violations: readonly Violation[]): Violation[] =>
  violations.map(({ path, message }) => ({
    path: path === '/' ? prefix || '/' : `${prefix}${path}`,
    message,
  }));

/** `/a/0/b` to `/a(0)/b`: how Marathon writes elements of arrays. Keys of maps that are numbers stay as they are. */
export const violationPath = (segments: readonly (string | number)[]): string =>
  segments.length === 0
    ? '/'
    : segments.map((segment) => (typeof segment === 'number' ? `(${segment})` : `/${segment}`)).join('');
