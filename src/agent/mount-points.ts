import { readFile } from 'node:fs/promises';

/** Where something is mounted, in the order in which it was; nothing where the system does not say. */
export const mountPoints = async (): Promise<string[]> => {
  const text = await readFile('/proc/self/mountinfo', 'latin1').catch(() => '');
  return text.split('\n').map((line) => decodeOctal(line.split(' ')[4] ?? ''));
};

/** Blanks and the like are written as octal numbers. */
const decodeOctal = (text: string): string =>
  Buffer.from(
    text.replaceAll(/\\([0-7]{3})/g, (_match, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 8)),
    ),
    'latin1',
  ).toString('utf8');
