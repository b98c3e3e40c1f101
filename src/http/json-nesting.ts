/** Nobody nests documents further than this, but who wants to exhaust the stack of whatever walks over them. */
export const DEEPEST_NESTING = 500;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Whether the arrays and objects of a JSON text are nested deeper than DEEPEST_NESTING levels; one pass over the text. */
export const isNestedTooDeep = (text: string): boolean => {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (OPENING.has(code)) {
      depth++;
      if (depth > DEEPEST_NESTING) return true;
    } else if (CLOSING.has(code)) depth--;
  }
  return false;
};
