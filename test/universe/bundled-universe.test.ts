import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/universe/json/json.ts';
import { renderPackage } from '../../src/universe/render/render-package.ts';
import { filesSource } from './repository-files.ts';

const loadBundled = () => filesSource(join(process.cwd(), 'universe')).load();

it('the bundled universe is a repository without problems', async () => {
  const { definitions, problems } = await loadBundled();
  expect(problems).toEqual([]);
  expect(definitions.map(({ summary }) => summary.name)).toEqual(
    expect.arrayContaining(['hdfs', 'hello-world']),
  );
});

it('every bundled package renders with its defaults, and under another name', async () => {
  const { definitions } = await loadBundled();
  for (const packed of definitions) {
    const definition = packed.unpack();
    const render = (options: JsonObject): Promise<JsonObject> =>
      renderPackage({ definition, options, source: 'file:///universe' });
    const idOf = async (options: JsonObject) => String((await render(options)).id).replace(/^\//, '');
    expect(await idOf({})).toBe(definition.name);
    expect(await idOf({ service: { name: 'another' } })).toBe('another');
  }
});

it('every bundled package refuses options that it does not know', async () => {
  const { definitions } = await loadBundled();
  for (const packed of definitions) {
    const rendering = renderPackage({
      definition: packed.unpack(),
      options: { service: { name: 7, unheard: true } },
      source: 'file:///universe',
    });
    await expect(rendering).rejects.toMatchObject({
      reason: {
        type: 'options-mismatch',
        violations: expect.arrayContaining([
          expect.objectContaining({ pointer: '/service/name' }),
          expect.objectContaining({ pointer: '/service', message: expect.stringContaining('unheard') }),
        ]),
      },
    });
  }
});

describe.each(['cassandra', 'kafka', 'spark', 'yarn', 'zookeeper'])('the package %s', (name) => {
  it('lists what its service fetches, so that a mirror has all of it', async () => {
    const { definitions } = await loadBundled();
    const definition = definitions.find(({ summary }) => summary.name === name)?.unpack();
    const service = await readFile(join('universe', 'services', `${name}.yml`), 'utf8');
    const fetched = [...service.matchAll(/uri: \$\{[A-Z0-9_]+_URI:-([^}]+)\}/g)].map(([, uri]) => uri);
    const resource = definition?.resource as { assets: { uris: Record<string, string> } } | undefined;
    expect(fetched.length).toBeGreaterThan(0);
    expect(Object.values(resource?.assets.uris ?? {}).sort()).toEqual([...new Set(fetched)].sort());
  });
});

it('every option of a bundled package says what it is', async () => {
  const { definitions } = await loadBundled();
  const silent = definitions.flatMap((packed) => {
    const { name, config } = packed.unpack();
    return undescribed(config as OptionSchema, name);
  });
  expect(silent).toEqual([]);
});

interface OptionSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, OptionSchema>>;
}

/** Paths of options and sections without a description. */
const undescribed = ({ properties = {} }: OptionSchema, path: string): string[] =>
  Object.entries(properties).flatMap(([name, schema]) => [
    ...(schema.description ? [] : [`${path}.${name}`]),
    ...undescribed(schema, `${path}.${name}`),
  ]);
