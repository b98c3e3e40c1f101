import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/universe/json/json.ts';
import { parseJson } from '../../src/universe/json/parse-json.ts';
import { collectDefaults } from '../../src/universe/options/collect-defaults.ts';
import { mergeOptions } from '../../src/universe/options/merge-options.ts';
import { nearestName } from '../../src/universe/options/nearest-name.ts';
import { validateOptions } from '../../src/universe/options/validate-options.ts';
import { PackageDefect } from '../../src/universe/package-defect.ts';

const schemaOf = (properties: JsonObject, rest: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...rest,
});

describe('defaults', () => {
  it('are any value, null and objects too, and hide what lies below them', () => {
    const schema = parseJson(`{"properties": {
      "nothing": {"type": "string", "default": null},
      "whole": {"default": {"a": 1}, "properties": {"b": {"default": 2}}},
      "empty": {"properties": {"c": {"type": "string"}}},
      "odd": true,
      "list": {"type": "array", "items": {"default": 3}}
    }, "default": {"ignored": true}}`) as JsonObject;
    expect(collectDefaults(schema)).toEqual({ nothing: null, whole: { a: 1 } });
  });
});

describe('merging', () => {
  it('goes into objects and replaces everything else, keys such as __proto__ like any other', () => {
    const merged = mergeOptions(
      { a: { b: 1, c: [1, 2] }, d: 1 },
      JSON.parse('{"a": {"c": [3], "e": null}, "d": {"f": 1}, "__proto__": {"x": 1}}'),
    );
    expect(merged).toEqual(
      JSON.parse('{"a": {"b": 1, "c": [3], "e": null}, "d": {"f": 1}, "__proto__": {"x": 1}}'),
    );
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe('validation', () => {
  it('names every violation with its path, value, rule and the words of the package', async () => {
    const schema = schemaOf({
      service: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'user'],
        properties: {
          name: { type: 'string', description: 'Name of the service' },
          node_count: { type: 'integer', minimum: 1, description: 'How many nodes' },
          level: { enum: ['INFO', 'DEBUG'] },
        },
      },
    });
    const violations = await validateOptions(schema, {
      service: { node_count: 0, level: 'LOUD', nodeCount: 3, name: 7 },
    });
    expect(violations).toHaveLength(5);
    expect(violations).toContainEqual(
      expect.objectContaining({
        pointer: '/service/node_count',
        schemaPointer: '/properties/service/properties/node_count',
        keyword: 'minimum',
        value: 0,
        description: 'How many nodes',
        message: 'numeric instance is lower than the required minimum (minimum: 1, found: 0)',
      }),
    );
    expect(violations).toContainEqual(
      expect.objectContaining({
        pointer: '/service/name',
        message: 'instance type (integer) does not match any allowed primitive type (allowed: ["string"])',
        facts: { found: 'integer', expected: ['string'] },
      }),
    );
    expect(violations).toContainEqual(
      expect.objectContaining({
        pointer: '/service',
        keyword: 'additionalProperties',
        nearest: 'node_count',
        message:
          'object instance has properties which are not allowed by the schema: ["nodeCount"]; did you mean "node_count"?',
      }),
    );
    expect(violations).toContainEqual(
      expect.objectContaining({ pointer: '/service', facts: { required: ['user'], missing: ['user'] } }),
    );
    expect(violations).toContainEqual(
      expect.objectContaining({ pointer: '/service/level', keyword: 'enum' }),
    );
  });

  it('names all missing keys of an object at once', async () => {
    const [violation, ...others] = await validateOptions(schemaOf({}, { required: ['b', 'a'] }), { x: 1 });
    expect(others).toEqual([]);
    expect(violation?.message).toBe('object has missing required properties (["b","a"])');
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['required: true', schemaOf({ a: { type: 'string', required: true } }), { b: 1 }],
    ['types that there are not', schemaOf({ a: { type: 'int' } }), { a: 'x' }],
    ['formats that there are not', schemaOf({ a: { type: 'string', format: 'password' } }), { a: 'x' }],
    ['keywords that there are not', schemaOf({ a: { type: 'string', media: { type: 'x' } } }), { a: 'x' }],
    ['ids that are used twice', schemaOf({ a: { id: 'x', type: 'string' }, b: { id: 'x' } }), { a: '' }],
    ['dialects that there are not', schemaOf({}, { $schema: 'http://json-schema.org/schema#' }), { a: 1 }],
    ['patterns that are no patterns', schemaOf({ a: { pattern: '(?i)x[' } }), { a: 'y' }],
    ['keywords younger than draft 4', schemaOf({ a: { const: 1 } }), { a: 2 }],
    ['options that are not in the schema', schemaOf({ a: {} }), { b: 1 }],
    ['1.0 for an integer', schemaOf({ a: { type: 'integer' } }), { a: 1.0 }],
    ['an integer beyond 2^53', schemaOf({ a: { type: 'integer' } }), { a: 9223372036854775807n }],
    ['a property called required', schemaOf({ required: { type: 'boolean' } }), { required: true }],
    ['broken values of rules', schemaOf({ a: { minimum: 'x', maxLength: -1, enum: [] } }), { a: 'x' }],
  ])('tolerates %s', async (_what, schema, options) => {
    expect(await validateOptions(schema, options)).toEqual([]);
  });

  it('knows the exclusive limits of draft 4, local references, and younger drafts that are named', async () => {
    const exclusive = schemaOf({ a: { minimum: 1, exclusiveMinimum: true } });
    expect(await validateOptions(exclusive, { a: 1 })).toHaveLength(1);
    const reference = schemaOf(
      { a: { $ref: '#/definitions/n' } },
      { definitions: { n: { type: 'number' } } },
    );
    expect(await validateOptions(reference, { a: 'x' })).toMatchObject([{ pointer: '/a', keyword: 'type' }]);
    const younger = schemaOf({ a: { const: 1 } }, { $schema: 'http://json-schema.org/draft-07/schema#' });
    expect(await validateOptions(younger, { a: 2 })).toHaveLength(1);
  });

  it.each([
    ['leads out of it', { $ref: 'http://127.0.0.1:1/schema.json' }, /only references within/],
    ['leads nowhere', { $ref: '#/definitions/missing' }, /broken/],
    ['leads in a circle', { $ref: '#/properties/a' }, /broken/],
  ])('takes a schema whose reference %s for a defect of the package', async (_what, a, message) => {
    const judging = validateOptions(schemaOf({ a }), { a: 1 });
    await expect(judging).rejects.toBeInstanceOf(PackageDefect);
    await expect(judging).rejects.toThrow(message);
  });

  it.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(a*)*b', '^([a-z]+)*[A-Z]$'])(
    'answers soon whether a text fits the pattern %s, of which others try every way',
    async (pattern) => {
      const violations = await validateOptions(schemaOf({ a: { pattern } }), { a: `${'a'.repeat(500)}!` });
      expect(violations).toMatchObject([{ pointer: '/a', keyword: 'pattern' }]);
    },
  );

  it.each(['^(?=a)(a+)+$', '^(a+)+\\1$', '^(?!b)(a|a)*$'])(
    'gives up the pattern %s, which would take for ever, within a second',
    async (pattern) => {
      const schema = schemaOf({ a: { type: 'string', pattern } });
      const judging = validateOptions(schema, { a: `${'a'.repeat(50)}!` });
      await expect(judging).rejects.toThrow(/config schema took longer than 750 ms/);
    },
  );

  it('gives up schemas of which a few lines make millions of violations', async () => {
    const definitions: Record<string, JsonObject> = { d30: { type: 'integer' } };
    for (let index = 0; index < 30; index++) {
      const next = { $ref: `#/definitions/d${index + 1}` };
      definitions[`d${index}`] = { [index % 2 === 0 ? 'allOf' : 'anyOf']: [next, next] };
    }
    const doubling = schemaOf({ a: { $ref: '#/definitions/d0' } }, { definitions });
    await expect(validateOptions(doubling, { a: 'x' })).rejects.toThrow(/more than 20000 times/);
    const many = schemaOf({
      a: { items: { allOf: Array.from({ length: 200 }, () => ({ type: 'integer' })) } },
    });
    const texts = Array.from({ length: 10_000 }, () => 'x');
    await expect(validateOptions(many, { a: texts })).rejects.toThrow(/more than 20000 times/);
  });

  it('takes a schema that is nested too deep for a defect of the package', async () => {
    let deep: JsonObject = { type: 'string' };
    for (let depth = 0; depth < 150; depth++) deep = { type: 'object', properties: { a: deep } };
    await expect(validateOptions(schemaOf({ a: deep }), { a: {} })).rejects.toThrow(/nested deeper than 100/);
  });

  it('does not repeat passwords', async () => {
    const schema = schemaOf({
      password: { type: 'string', format: 'password', minLength: 12, pattern: '[0-9]', enum: ['other'] },
    });
    const violations = await validateOptions(schema, { password: 'hunter-two' });
    expect(violations.map(({ keyword }) => keyword).sort()).toEqual(['enum', 'minLength', 'pattern']);
    expect(JSON.stringify(violations)).not.toContain('hunter');
    const section = { ...schema, additionalProperties: false, required: ['name'], minProperties: 5 };
    const beside = await validateOptions(section, { password: 'hunter-12345', pasword: 'hunter-two' });
    expect(beside.map(({ keyword }) => keyword).sort()).toEqual(
      expect.arrayContaining(['additionalProperties', 'minProperties', 'required']),
    );
    expect(JSON.stringify(beside)).not.toContain('hunter');
    expect(violations.find(({ keyword }) => keyword === 'minLength')?.facts.found).toBe(10);
  });

  it('does not repeat huge values', async () => {
    const [violation] = await validateOptions(schemaOf({ a: { type: 'integer' } }), {
      a: 'x'.repeat(100_000),
    });
    expect(JSON.stringify(violation).length).toBeLessThan(1_000);
  });
});

describe('the nearest name', () => {
  it.each([
    ['nodeCount', 'node_count'],
    ['mme', 'mem'],
    ['cpu', 'cpus'],
    ['heap-size', 'heap_size'],
  ])('to %s is %s', (name, nearest) => {
    expect(nearestName(name, ['cpus', 'mem', 'node_count', 'heap_size'])).toBe(nearest);
  });

  it('is none when nothing is near', () => {
    expect(nearestName('unheard', ['name', 'user'])).toBeUndefined();
  });
});
