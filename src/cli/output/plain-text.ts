import type { Output } from './terminal.ts';

const ESCAPE = '\u001b';
/** One control character, with what makes an escape a colour. */
const CONTROL = /\p{Cc}(?:\[[\d;]{0,16}m)?/gu;

/**
 * Text from elsewhere, as it may be shown: colours stay, and so do the characters that are kept; every other control character
 * goes, so that nobody else moves the cursor, names the window or fills the clipboard.
 */
export const withoutControls = (text: string, kept = '\n\t'): string =>
  text.replace(CONTROL, (found) => {
    const isColor = found.startsWith(ESCAPE) && found.length > 1;
    return isColor || kept.includes(found[0] ?? '') ? found : found.slice(1);
  });

/** The same for where it is going to: what no terminal reads is left as it is. */
export const shownOn = ({ isTty }: Pick<Output, 'isTty'>, text: string, kept?: string): string =>
  isTty ? withoutControls(text, kept) : text;

/** JSON leaves some control characters as they are: those behind the letters of ASCII. */
export const escapedJson = (json: string): string =>
  json.replace(/[\u007f-\u009f]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
