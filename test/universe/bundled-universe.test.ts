import { join } from 'node:path';
import { expect, it } from 'vitest';
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
