import { readFileSync } from 'node:fs';
import { errorMessage } from '../runtime/error-message.ts';
import { OptionError } from './daemon-options.ts';

/** The value of an option that takes JSON, or the path or `file://` URL of a file with it. Throws OptionError. */
export const inlineOrFile = (name: string, text: string): string => {
  if (text.trimStart().startsWith('{')) return text;
  try {
    return readFileSync(text.replace(/^file:\/\//, ''), 'utf8');
  } catch (error) {
    throw new OptionError(`--${name} takes JSON or a file with it: ${errorMessage(error)}`);
  }
};
