import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/universe/json/json.ts';
import { maskSecrets } from '../../src/universe/options/mask-secrets.ts';
import { type OptionNode, optionTree } from '../../src/universe/options/option-tree.ts';
import { unknownOptions } from '../../src/universe/options/unknown-options.ts';

const config: JsonObject = {
  type: 'object',
  definitions: {
    size: { type: 'integer', minimum: 1, description: 'In MiB' },
    loop: { properties: { again: { $ref: '#/definitions/loop' } } },
  },
  properties: {
    service: {
      type: 'object',
      description: 'What all nodes share',
      required: ['name', 'user'],
      properties: {
        name: { type: 'string', default: 'db' },
        user: { type: 'string' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        strict: { additionalProperties: false, properties: { known: {} } },
      },
    },
    node: {
      default: { mem: 64 },
      properties: { mem: { $ref: '#/definitions/size' }, count: { type: ['integer', 'null'], default: 3 } },
    },
  },
};

const brief = ({ path, types, isRequired, default: value, children }: OptionNode): unknown[] => [
  path.join('.'),
  types,
  isRequired,
  value,
  children.map(brief),
];

describe('the tree of options', () => {
  it('has types, defaults and what is required, through references', () => {
    expect(optionTree(config).map(brief)).toEqual([
      [
        'service',
        ['object'],
        false,
        { name: 'db' },
        [
          ['service.name', ['string'], true, 'db', []],
          ['service.user', ['string'], true, undefined, []],
          ['service.labels', ['object'], false, undefined, []],
          ['service.strict', [], false, undefined, [['service.strict.known', [], false, undefined, []]]],
        ],
      ],
      [
        'node',
        [],
        false,
        { mem: 64 },
        [
          ['node.mem', ['integer'], false, 64, []],
          // The default of the section hides those within it, as it does when the package is rendered.
          ['node.count', ['integer', 'null'], false, undefined, []],
        ],
      ],
    ]);
    expect(optionTree(config)[1]?.children[0]?.description).toBe('In MiB');
  });

  it('ends where references go in circles, lead nowhere or multiply', () => {
    const depth = (nodes: readonly OptionNode[]): number =>
      nodes.length === 0 ? 0 : 1 + Math.max(...nodes.map(({ children }) => depth(children)));
    const circle = { ...config, properties: { a: { $ref: '#/definitions/loop' } } };
    expect(depth(optionTree(circle))).toBe(32);
    expect(optionTree({ properties: { a: { $ref: '#/nowhere' }, b: { $ref: 'http://x/' } } })).toHaveLength(
      2,
    );
    expect(optionTree({ $ref: '#' })).toEqual([]);
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, level) => [
        `l${level}`,
        {
          properties: {
            a: { $ref: `#/definitions/l${level + 1}` },
            b: { $ref: `#/definitions/l${level + 1}` },
          },
        },
      ]),
    );
    const count = (nodes: readonly OptionNode[]): number =>
      nodes.reduce((sum, { children }) => sum + 1 + count(children), 0);
    const tree = optionTree({ definitions: many, properties: { a: { $ref: '#/definitions/l0' } } });
    expect(count(tree)).toBeLessThanOrEqual(10_000);
  });
});

describe('passwords', () => {
  it('are masked where options are shown, and nothing else is', () => {
    const schema: JsonObject = {
      definitions: { secret: { type: 'string', format: 'password' } },
      properties: { db: { properties: { user: {}, password: { $ref: '#/definitions/secret' } } } },
    };
    const options = { db: { user: 'me', password: 'x', other: { password: 'y' } }, password: 'z' };
    expect(maskSecrets(schema, options)).toEqual({ ...options, db: { ...options.db, password: '********' } });
    expect(maskSecrets(schema, { db: { password: '' } })).toEqual({ db: { password: '' } });
  });
});

describe('unknown options', () => {
  const found = (options: JsonObject, schema = config) =>
    unknownOptions(schema, options).map(({ path, nearest }) => [path.join('.'), nearest?.join('.')]);

  it('are those that the schema lets pass without describing them', () => {
    expect(found({ service: { name: 'a', labels: { any: 'x' } }, node: { mem: 1 } })).toEqual([]);
    expect(found({ service: { nmae: 'a', strict: { knwon: 1 } }, count: 3, nonsense: {} })).toEqual([
      ['service.nmae', 'service.name'],
      ['count', 'node.count'],
      ['nonsense', undefined],
    ]);
  });

  it('are known where a combination, a dependency, a pattern or the schema of elements describes them', () => {
    const schema: JsonObject = {
      properties: { list: { items: { properties: { a: {} } } }, map: { patternProperties: { '^x': {} } } },
      allOf: [{ properties: { b: {} } }],
      dependencies: { b: { properties: { c: {} } }, c: ['b'] },
    };
    const options = { list: [{ a: 1 }, { aa: 1 }], map: { x1: 1 }, b: 1, c: 1, d: 1 };
    expect(found(options, schema)).toEqual([
      ['list.1.aa', undefined],
      ['d', undefined],
    ]);
  });

  it('are told up to a bound, and a schema of circles ends', () => {
    const options = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`x${index}`, index]));
    expect(found(options)).toHaveLength(50);
    const circle: JsonObject = { properties: { a: {} }, allOf: [{ $ref: '#' }, { anyOf: [{ $ref: '#' }] }] };
    expect(found({ a: 1, other: 1 }, circle)).toEqual([['other', undefined]]);
  });
});
