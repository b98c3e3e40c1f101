import { DecodeError } from './decode-json.ts';

/** What the engine says of a text that ends too early, in all its wordings. */
const ENDS_EARLY = /end of JSON input|Unterminated|Expected .* at position (\d+)/;

/** What may be half of a character that takes two escapes. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Parses JSON. Throws DecodeError: for a text that ends too early, and for half a character, in Mesos' words, else with
 * what the engine says. Half a character has no UTF-8, so that no key or path could be made of it later on.
 */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text, SURROGATE_ESCAPE.test(text) ? refuseLoneSurrogates : undefined);
  } catch (error) {
    if (error instanceof DecodeError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const [match, position] = ENDS_EARLY.exec(message) ?? [];
    const isShort = match !== undefined && (position === undefined || Number(position) >= text.length);
    throw new DecodeError(isShort ? `syntax error at line ${text.split('\n').length} near: ` : message);
  }
};

const refuseLoneSurrogates = (key: string, value: unknown): unknown => {
  if (LONE_SURROGATE.test(key) || (typeof value === 'string' && LONE_SURROGATE.test(value))) {
    throw new DecodeError('syntax error: an escape is half of a surrogate pair');
  }
  return value;
};
