import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { ArraySplitter } from '../../src/universe/json/array-splitter.ts';
import { repositoryCopy } from '../../src/universe/sources/repository-copy.ts';
import { RepositoryError } from '../../src/universe/sources/repository-error.ts';
import { tarWith, writeArchive, zipEntries, zipOf } from './archive-files.ts';
import { filesSource, metadataOf, revisionFiles, temporaryFolder } from './repository-files.ts';

const ROUNDS = 150;
const FILES = { ...revisionFiles('mine', 0), ...revisionFiles('other', 3) };

/** A copy with a few bytes changed, or its end missing. */
const mutated = (bytes: Buffer, random: () => number): Buffer => {
  const changed = Buffer.from(bytes);
  const changes = 1 + Math.floor(random() * 4);
  for (let change = 0; change < changes; change++) {
    changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256);
  }
  return random() < 0.2 ? changed.subarray(0, Math.floor(random() * changed.length)) : changed;
};

describe('a repository with bytes changed at random', () => {
  it.each<[string, () => Promise<Buffer>]>([
    ['a zip archive', () => zipOf(zipEntries(FILES, 'universe/'))],
    ['a tar archive', async () => tarWith(FILES)],
    ['a compressed tar archive', async () => gzipSync(tarWith(FILES))],
    [
      'a built repository',
      async () =>
        Buffer.from(
          JSON.stringify({
            packages: ['a1', 'b1', 'c1'].map((name) => ({ ...metadataOf(name), releaseVersion: 0 })),
          }),
        ),
    ],
  ])(
    'as %s is read, perhaps with problems, or refused with the reason',
    async (_what, make) => {
      const whole = await make();
      const file = await writeArchive(whole);
      const random = seededRandom(20_261_125);
      for (let round = 0; round < ROUNDS; round++) {
        await writeFile(file, mutated(whole, random.next));
        try {
          const { definitions } = await filesSource(file).load();
          for (const packed of definitions) expect(packed.unpack().name).toBe(packed.summary.name);
        } catch (error) {
          if (!(error instanceof RepositoryError)) throw error;
          expect(error.message).toContain(file);
        }
      }
    },
    120_000,
  );

  it('as the copy of another one counts as none', async () => {
    const loaded = await filesSource(await writeArchive(tarWith(FILES))).load();
    const file = join(await temporaryFolder(), 'copy');
    const copy = repositoryCopy(file, 'test');
    await copy.write(loaded, { etag: '"1"' });
    const stored = await copy.read();
    expect(stored).toMatchObject({ signature: loaded.signature, validators: { etag: '"1"' } });
    expect(stored?.loaded.definitions.map((packed) => packed.unpack())).toEqual(
      loaded.definitions.map((packed) => packed.unpack()),
    );
    const whole = await readFile(file);
    const random = seededRandom(20_261_125);
    for (let round = 0; round < ROUNDS; round++) {
      const changed = mutated(whole, random.next);
      await writeFile(file, changed);
      expect((await copy.read()) === undefined).toBe(!changed.equals(whole));
    }
  }, 120_000);
});

describe('a document of random values in random pieces', () => {
  it('is split as it would be parsed', () => {
    const random = seededRandom(7);
    const below = (count: number): number => Math.floor(random.next() * count);
    const text = (): string => Array.from({ length: below(6) }, () => '{}[]",:\\é 1'[below(11)]).join('');
    const value = (depth: number): unknown => {
      const kind = below(depth > 3 ? 4 : 6);
      if (kind === 0) return text();
      if (kind === 1) return below(1_000) - 500;
      if (kind === 2) return [true, false, null][below(3)];
      if (kind === 3) return below(100) / 7;
      const entries = Array.from({ length: below(4) }, () => value(depth + 1));
      return kind === 4 ? entries : Object.fromEntries(entries.map((entry) => [text(), entry]));
    };
    for (let round = 0; round < 500; round++) {
      const packages = Array.from({ length: below(5) }, () => value(0));
      const document = JSON.stringify({ before: value(0), packages, after: value(0) }, null, below(3));
      const splitter = new ArraySplitter('packages', 100_000);
      const bytes = Buffer.from(document);
      const found: unknown[] = [];
      for (let from = 0; from < bytes.length; ) {
        const size = 1 + below(12);
        const elements = splitter.push(bytes.subarray(from, from + size));
        found.push(...elements.map((element) => JSON.parse(element.bytes?.toString() ?? '')));
        from += size;
      }
      splitter.end();
      expect(found).toEqual(JSON.parse(document).packages);
    }
  });
});
