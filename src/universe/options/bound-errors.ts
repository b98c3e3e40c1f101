/** A user's options break a handful of rules. */
const MOST_ERRORS = 20_000;

const GIVE_UP = `throw new RangeError('the options break its rules more than ${MOST_ERRORS} times');`;

/**
 * Changes the code that Ajv generates so that it gives up after so many violations: it has no such option, and a schema
 * of a few lines can have millions of them made, which fill the memory long before any limit of time.
 */
export const boundErrors = (code: string): string =>
  code
    .replaceAll(/vErrors\.push\((\w+)\);/g, `if (vErrors.push($1) > ${MOST_ERRORS}) ${GIVE_UP}`)
    .replaceAll(
      /vErrors\s*=\s*vErrors === null \? ([\w.]+) : vErrors\.concat\([\w.]+\);/g,
      `$& if (vErrors.length > ${MOST_ERRORS}) ${GIVE_UP}`,
    );
