import { describe, expect, it } from 'vitest';
import { eachOf, jsonPieces } from '../../src/http/json-pieces.ts';

const written = (value: unknown): string => [...jsonPieces(value)].join('');

describe('JSON in pieces', () => {
  it('is what JSON.stringify writes, wherever lists are made one by one', () => {
    const plain = (numbers: readonly number[]): unknown => ({
      none: undefined,
      name: 'a "b"',
      all: numbers.map((id) => ({ id, halves: numbers.map((half) => half / 2), left: undefined })),
      empty: [],
      nested: { inner: [null, true, numbers] },
    });
    const lazy = (numbers: readonly number[]): unknown => ({
      none: undefined,
      name: 'a "b"',
      all: eachOf(numbers, (id) => ({ id, halves: eachOf(numbers, (half) => half / 2), left: undefined })),
      empty: eachOf([], () => 1),
      nested: { inner: [null, true, numbers] },
    });
    for (const numbers of [[], [1], [1, 2, 3]]) {
      expect(written(lazy(numbers))).toBe(JSON.stringify(plain(numbers)));
    }
    expect(written(eachOf([1, 'two', null], (one) => one))).toBe('[1,"two",null]');
    expect(written('text')).toBe('"text"');
  });

  it('makes an item when its piece is asked for, and not before', () => {
    const made: number[] = [];
    const pieces = jsonPieces({
      items: eachOf([1, 2, 3], (item) => {
        made.push(item);
        return item;
      }),
    });
    expect(pieces.next().value).toBe('{"items":[1');
    expect(made).toEqual([1]);
    expect([...pieces].join('')).toBe(',2,3]}');
  });
});
