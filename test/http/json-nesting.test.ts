import { describe, expect, it } from 'vitest';
import { isNestedTooDeep } from '../../src/http/json-nesting.ts';

const nested = (levels: number): string => '[{"a":'.repeat(levels / 2) + '}]'.repeat(levels / 2);

describe('the nesting of a JSON text', () => {
  it('has 500 levels at most', () => {
    expect(isNestedTooDeep(nested(500))).toBe(false);
    expect(isNestedTooDeep(nested(502))).toBe(true);
  });

  it('is that of brackets outside of texts, of which those side by side are one level', () => {
    expect(isNestedTooDeep(JSON.stringify(['[{'.repeat(1_000), '\\"[', '['.repeat(600)]))).toBe(false);
    expect(isNestedTooDeep(`[${'[],'.repeat(1_000)}{}]`)).toBe(false);
  });
});
