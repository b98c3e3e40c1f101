import { describe, expect, it } from 'vitest';
import { PLAIN } from '../../src/cli/output/paint.ts';
import { type Column, formatTable } from '../../src/cli/output/table.ts';

interface Row {
  readonly name: string;
  readonly count: number;
  readonly text: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { heading: 'NAME', value: ({ name }) => name },
  { heading: 'COUNT', value: ({ count }) => count, isNumber: true, style: () => (text) => `<${text}>` },
  { heading: 'TEXT', value: ({ text }) => text, isCut: true },
];

const PIPE = { isTty: false, columns: Number.POSITIVE_INFINITY };
const ROWS = [
  { name: 'a', count: 5, text: 'short' },
  { name: 'longer', count: 12, text: 'a text that is rather long' },
];

describe('a table', () => {
  it('is aligned and ends no line with blanks', () => {
    expect(formatTable(COLUMNS, [...ROWS, { name: 'x', count: 1, text: '' }], { output: PIPE })).toBe(
      'NAME    COUNT  TEXT\na           <5>  short\nlonger     <12>  a text that is rather long\nx           <1>\n',
    );
  });

  it('is cut to the width of a terminal, but never in a pipe', () => {
    const text = formatTable(COLUMNS, ROWS, { output: { isTty: true, columns: 30 } });
    expect(text.split('\n')[2]).toBe('longer     <12>  a text that is…');
    expect(text).not.toContain('rather');
  });

  it('without rows is its heading', () => {
    expect(formatTable(COLUMNS, [], { output: PIPE })).toBe('NAME  COUNT  TEXT\n');
  });

  it('lets nothing through that would steer the terminal or break the line', () => {
    const rows = [{ name: '\u001b[31mred\u0007', count: 1, text: 'one\ntwo\r\tthree' }];
    expect(formatTable(COLUMNS, rows, { output: PIPE })).toBe(
      'NAME     COUNT  TEXT\n[31mred      <1>  one two three\n',
    );
  });

  it('paints headings without changing the alignment', () => {
    const paint = { ...PLAIN, heading: (text: string) => `*${text}*` };
    expect(formatTable(COLUMNS, [], { output: PIPE, paint })).toBe('*NAME*  *COUNT*  *TEXT*\n');
  });
});
