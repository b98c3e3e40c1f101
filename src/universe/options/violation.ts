import type { Json, JsonObject } from '../json/json.ts';

/** One way in which options break the config schema of a package. */
export interface Violation {
  /** JSON pointer of the value; for missing and unknown keys of the object that lacks or has them. */
  readonly pointer: string;
  /** JSON pointer of the schema that was broken. */
  readonly schemaPointer: string;
  /** The rule: `type`, `required`, `minimum`, … */
  readonly keyword: string;
  /** A sentence without a period: what is wrong and what was expected. */
  readonly message: string;
  /** What is there; long values are cut. Missing for sections: they are long, and may hold passwords. */
  readonly value?: Json;
  /** What the package says about the option. */
  readonly description?: string;
  /** For an unknown key the known one that was probably meant. */
  readonly nearest?: string;
  /** The rule's own details (`expected`, `found`, `missing`, `unwanted`, `minimum`, …). */
  readonly facts: JsonObject;
}
