import { isUtf8 } from 'node:buffer';
import { PackageDefect } from './package-defect.ts';

const LINE_FEED = 10;

/** The text of bytes. Throws PackageDefect, with the line, for bytes that are no UTF-8: they would be replaced in silence. */
export const decodeUtf8 = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(LINE_FEED, start);
    const next = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(start, next))) break;
    start = next;
  }
  throw new PackageDefect(`line ${line} is not valid UTF-8`);
};
