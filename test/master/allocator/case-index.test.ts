import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

/** Rows of the table in README.md: a case, the file of its test, and the test's title. */
const rows = read('README.md')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .flatMap(([, number = '', file = '', title = '']) =>
    /^S?\d+$/.test(number) ? [{ number, file, title }] : [],
  );

const upTo = (last: number, prefix = ''): string[] =>
  Array.from({ length: last }, (_, index) => `${prefix}${index + 1}`);

describe('the index of cases', () => {
  it('has all 60 cases of the allocator and all 21 of the sorters', () => {
    expect([...new Set(rows.map(({ number }) => number))]).toEqual([...upTo(60), ...upTo(21, 'S')]);
  });

  it('names tests that are there', () => {
    const tests = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
    const textOf = new Map(tests.map((name) => [name, read(name)]));
    const missing = rows.filter(({ file, title }) => {
      const text = textOf.get(`${file}.test.ts`) ?? '';
      return !text.includes(`('${title}', (`);
    });
    expect(missing).toEqual([]);
  });
});
