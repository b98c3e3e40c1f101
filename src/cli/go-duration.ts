import { custom } from '@oclif/core/flags';
import { CliError } from './errors/cli-error.ts';

const NANOSECONDS_OF_UNIT = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
]);
const PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/gy;
/** What the protocol can say. */
const LONGEST_NANOSECONDS = 2 ** 63;

/** Nanoseconds of `5m`, `90s` or `1h30m`, as the DC/OS CLI reads lengths of time: a number needs its unit. Throws CliError. */
export const parseGoDuration = (text: string): number => {
  let nanoseconds = 0;
  let length = 0;
  for (const [part, amount, unit = ''] of text.matchAll(PART)) {
    nanoseconds += Number(amount) * (NANOSECONDS_OF_UNIT.get(unit) ?? Number.NaN);
    length += part.length;
  }
  const isWhole = text === '0' || (length > 0 && length === text.length);
  if (!isWhole || nanoseconds >= LONGEST_NANOSECONDS) {
    throw new CliError('usage', `"${text}" is no length of time`, {
      hint: 'With a unit, such as 90s, 5m or 1h30m',
    });
  }
  return Math.round(nanoseconds);
};

/** A length of time, in nanoseconds. */
export const goDuration = custom<number>({ parse: async (text) => parseGoDuration(text), helpValue: 'TIME' });
