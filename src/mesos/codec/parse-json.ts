import { DecodeError } from './decode-json.ts';

/** What the engine says of a text that ends too early, in all its wordings. */
const ENDS_EARLY = /end of JSON input|Unterminated|Expected .* at position (\d+)/;

/** Parses JSON. Throws DecodeError: for a text that ends too early in Mesos' words, else with what the engine says. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [match, position] = ENDS_EARLY.exec(message) ?? [];
    const isShort = match !== undefined && (position === undefined || Number(position) >= text.length);
    throw new DecodeError(isShort ? `syntax error at line ${text.split('\n').length} near: ` : message);
  }
};
