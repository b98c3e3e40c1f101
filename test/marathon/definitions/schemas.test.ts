import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  APP_SCHEMA,
  GROUP_SCHEMA,
  isObject,
  type JsonSchema,
  POD_SCHEMA,
} from '../../../src/marathon/definitions/json-schema.ts';

const generated = join(import.meta.dirname, '..', '..', '..', 'schemas', 'generated');

describe('the schemas', () => {
  it('are what the generated types were made from', async () => {
    const { generate } = await import('../../../schemas/generate.mjs');
    const files = await generate();
    for (const name of [
      'app.ts',
      'group.ts',
      'pod.ts',
      'validators.mjs',
      'validators.d.mts',
      'pod-validators.mjs',
      'pod-validators.d.mts',
    ]) {
      expect(files.get(name), `run npm run generate: ${name} is out of date`).toBe(
        readFileSync(join(generated, name), 'utf8'),
      );
    }
  });

  it.each([
    ['app', APP_SCHEMA],
    ['group', GROUP_SCHEMA],
    ['pod', POD_SCHEMA],
  ])('tell people about every property of %s', (_name, schema) => {
    expect(untold(schema, '')).toEqual([]);
  });
});

/** Properties without a title or a description. Those that refer to a definition may leave it to that. */
const untold = (schema: JsonSchema, path: string): string[] => {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const isTold = 'title' in property && 'description' in property;
    const below = untold(property, `${path}/${name}`);
    return isTold || property.$ref !== undefined ? below : [`${path}/${name}`, ...below];
  });
  const { items, additionalProperties, definitions = {} } = schema;
  return [
    ...own,
    ...(items ? untold(items, `${path}/items`) : []),
    ...(isObject(additionalProperties) ? untold(additionalProperties, `${path}/*`) : []),
    ...Object.entries(definitions).flatMap(([name, definition]) => untold(definition, `#${name}`)),
  ];
};
