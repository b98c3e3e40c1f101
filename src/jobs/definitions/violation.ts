/** One thing that is wrong with a document: where (a JSON pointer, `/` being all of it) and what. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

/** A document that is refused, with everything that is wrong with it. */
export class InvalidJob extends Error {
  override readonly name = 'InvalidJob';
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violations.map(({ path, message }) => `${path}: ${message}`).join('; '));
    this.violations = violations;
  }
}

/** Throws InvalidJob when there is a violation. */
export const refuseInvalid = (violations: readonly Violation[]): void => {
  if (violations.length > 0) throw new InvalidJob(violations);
};
