import type { Violation } from '../options/violation.ts';

/** Why a package cannot be rendered with the given options. */
export type RenderReason =
  | { readonly type: 'no-template' }
  /** The package has no config schema, yet options were given. */
  | { readonly type: 'options-not-allowed' }
  | { readonly type: 'options-mismatch'; readonly violations: readonly Violation[] }
  | { readonly type: 'broken-template' }
  /** The rendered text is no JSON. */
  | { readonly type: 'no-json'; readonly text: string }
  | { readonly type: 'no-object' }
  | { readonly type: 'bad-labels'; readonly labels: unknown };

/** Thrown by renderPackage; the message is one sentence for people. */
export class RenderFailure extends Error {
  readonly reason: RenderReason;

  constructor(reason: RenderReason, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'RenderFailure';
    this.reason = reason;
  }
}
