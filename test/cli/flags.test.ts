import { describe, expect, it } from 'vitest';
import { parseAmount, parseDuration, parseWholeNumber } from '../../src/cli/flags.ts';

describe('a length of time', () => {
  it.each([
    ['500ms', 500],
    ['2', 2_000],
    ['0.5s', 500],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '0', '-1', '5 minutes', '1d', '1e3', '999h', 'x'])('"%s" is refused', (text) => {
    expect(() => parseDuration(text)).toThrow('no length of time');
  });
});

describe('numbers', () => {
  it('are refused when they are none, or negative', () => {
    expect(parseAmount('0.5')).toBe(0.5);
    for (const text of ['', ' ', 'abc', '-1', 'Infinity'])
      expect(() => parseAmount(text)).toThrow('no amount');
    expect(parseWholeNumber('12')).toBe(12);
    for (const text of ['', '1.5', '-1', '1e3', '99999999999'])
      expect(() => parseWholeNumber(text)).toThrow();
  });
});
