import { setFlagsFromString } from 'node:v8';

/** V8 then goes on with an engine that takes as long as the text is, for every pattern that needs no backtracking. */
const FLAG = '--enable-experimental-regexp-engine-on-excessive-backtracks';

let isLimited = false;

/**
 * Sees to it that patterns such as `^(a+)+$` end in milliseconds, in this whole process. Those with references back or
 * with looks around are not helped: they need a limit of time.
 */
export const limitBacktracking = (): void => {
  if (!isLimited) setFlagsFromString(FLAG);
  isLimited = true;
};
