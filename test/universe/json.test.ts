import { describe, expect, it } from 'vitest';
import { ArraySplitter } from '../../src/universe/json/array-splitter.ts';
import { withDoubles, withoutNulls } from '../../src/universe/json/json.ts';
import { JsonSyntaxError, parseJson } from '../../src/universe/json/parse-json.ts';
import { stringifyJson } from '../../src/universe/json/stringify-json.ts';

describe('parseJson', () => {
  it.each([
    '{"a":[1,-2.5,true,false,null,"x\\n\\u00e9",{}],"b":{"c":[]}}',
    ' [ 1 , 2 ] ',
    '"text"',
    '1e5',
    '{"a":1,"a":2}',
    '{"long":"1234567890123456"}',
  ])('reads %s as JSON.parse does, on its slow path too', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
    const slow = parseJson(`[${text},12345678901234567890]`) as unknown[];
    expect(slow[0]).toEqual(JSON.parse(text));
  });

  it('keeps integers exact, however they are written', () => {
    expect(parseJson('[9223372036854775807, -9223372036854775808, 1e21, 12345678901234567890.0]')).toEqual([
      9223372036854775807n,
      -9223372036854775808n,
      10n ** 21n,
      12345678901234567890n,
    ]);
    expect(parseJson('[1.5e3, 0.1, 1234567890123.5]')).toEqual([1500, 0.1, 1234567890123.5]);
    expect(stringifyJson(parseJson('{"a":[9223372036854775807,"b",null]}'))).toBe(
      '{"a":[9223372036854775807,"b",null]}',
    );
    expect(withDoubles(parseJson('{"a":[9223372036854775807]}'))).toEqual({ a: [2 ** 63] });
  });

  it('names line and column of what is wrong', () => {
    expect(() => parseJson('{\n  "a": 1,\n}')).toThrow('line 3, column 1: expected a string but found "}"');
    expect(() => parseJson('{"a": "b')).toThrow(/line 1, column 9: expected the end of a string/);
    expect(() => parseJson('[1 2]')).toThrow(/column 4/);
  });

  it.each([
    '',
    '{',
    '[1,]',
    '{"a" 1}',
    '{a:1}',
    "{'a':1}",
    '01',
    '+1',
    'nul',
    '"\\x"',
    '"\n"',
    '1 2',
    '1e99999',
  ])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow();
  });

  it('refuses what is nested too deep, without overflowing', () => {
    for (const depth of [300, 100_000])
      expect(() => parseJson('['.repeat(depth) + ']'.repeat(depth))).toThrow();
  });

  it('takes keys such as __proto__ as keys', () => {
    for (const text of ['{"__proto__":{"a":1}}', '{"__proto__":{"a":1},"n":12345678901234567890}']) {
      const value = parseJson(text);
      expect(Object.keys(value as object)).toContain('__proto__');
      expect((value as { a?: number }).a).toBeUndefined();
    }
  });
});

/** The elements of `packages` when the text comes in pieces of so many bytes. */
const split = (text: string, pieceBytes = 1_000, largest = 1_000): (string | undefined)[] => {
  const splitter = new ArraySplitter('packages', largest);
  const bytes = Buffer.from(text);
  const elements: (string | undefined)[] = [];
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    const piece = Buffer.from(bytes.subarray(from, from + pieceBytes));
    elements.push(...splitter.push(piece).map((element) => element.bytes?.toString()));
    piece.fill(0);
  }
  splitter.end();
  return elements;
};

describe('ArraySplitter', () => {
  const elements = ['{"a":"]}\\"[{"}', '[[],{}]', '1', '"x\\\\"', 'null', '{"é":"ü"}'];
  const text = ` { "a" : [1,{"packages":[2]}] , "packages" : [ ${elements.join(' , ')} ] , "b":true } `;

  it.each([1, 2, 3, 7, 1_000])(
    'gives the elements of an array that comes in pieces of %s bytes',
    (pieceBytes) => {
      expect(split(text, pieceBytes)).toEqual(elements);
      expect(split('\ufeff{"packages":[]}', Math.max(3, pieceBytes))).toEqual([]);
      expect(split('{"packages":[1,2],"x":-1}', pieceBytes)).toEqual(['1', '2']);
    },
  );

  it('does not keep what is too large, and goes on behind it', () => {
    const large = JSON.stringify({ a: 'x'.repeat(100) });
    expect(split(`{"packages":[1,${large},2]}`, 10, 50)).toEqual(['1', undefined, '2']);
  });

  it.each([
    '',
    '[]',
    '{}',
    '{"packages":{}}',
    '{"packages":[',
    '{"packages":[1}',
    '{"packages":[1]} x',
    '{"packages":["',
    '{"packages":[,]}',
    '{"packages":[1,]}',
    '{"packages":[1 2]}',
    '{"packages":[1],}',
    '{"packages":[1]"b":2}',
    '{packages:[1]}',
    '{"packages":[1],"packages":[2]}',
  ])('refuses %j', (broken) => {
    expect(() => split(broken)).toThrow(JsonSyntaxError);
    expect(() => split(broken, 1)).toThrow(JsonSyntaxError);
  });
});

describe('withoutNulls', () => {
  it('drops keys whose value is null, and keeps nulls in lists', () => {
    expect(withoutNulls({ a: null, b: { c: null, d: [null] } })).toEqual({ b: { d: [null] } });
  });
});
