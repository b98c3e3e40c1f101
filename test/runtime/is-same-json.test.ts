import { describe, expect, it } from 'vitest';
import { isSameJson } from '../../src/runtime/is-same-json.ts';

const parsed = (text: string): unknown => JSON.parse(text);

describe('two values as JSON', () => {
  it('are the same at any depth, whatever the order of their fields', () => {
    const one = parsed('{"a":[1,{"b":null,"c":"x"}],"d":true}');
    expect(isSameJson(one, parsed('{"d":true,"a":[1,{"c":"x","b":null}]}'))).toBe(true);
    expect(isSameJson(one, parsed('{"d":true,"a":[1,{"c":"y","b":null}]}'))).toBe(false);
    expect(isSameJson({ a: 1, b: undefined }, { c: undefined, a: 1 })).toBe(true);
  });

  it.each([
    ['{}', '[]'],
    ['[]', '{}'],
    ['null', '{}'],
    ['{}', 'null'],
    ['1', '"1"'],
    ['0', 'false'],
    ['[1]', '[1,2]'],
    ['[1,2]', '[1]'],
    ['{"a":1}', '{}'],
    ['{}', '{"a":1}'],
    ['{"a":null}', '{}'],
    ['{"a":1}', '{"b":1}'],
    ['{"constructor":{}}', '{}'],
    ['{"__proto__":{}}', '{}'],
    ['{}', '{"__proto__":{}}'],
  ])('%s and %s are not', (one, other) => {
    expect(isSameJson(parsed(one), parsed(other))).toBe(false);
  });
});
