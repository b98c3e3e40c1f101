import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyPart } from '../../src/store/key-part.ts';
import { openStore } from '../../src/store/lmdb-store.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { OpenStore } from '../../src/store/store.ts';

let folder: string;
let store: OpenStore;

describe.each(['lmdb', 'memory'])('the %s store', (kind) => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plenum-store-'));
    store = kind === 'lmdb' ? openStore(folder) : memoryStore();
  });

  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('reads what was written, and nothing after it was removed', async () => {
    await store.write([{ key: 'apps/web', value: { instances: 3 } }]);
    expect(store.get('apps/web')).toEqual({ instances: 3 });
    await store.write([{ key: 'apps/web', value: undefined }]);
    expect(store.get('apps/web')).toBeUndefined();
  });

  it('lists a prefix in the order of the keys, and only that prefix', async () => {
    await store.write([
      { key: 'b/2', value: 2 },
      { key: 'b/10', value: 10 },
      { key: 'a/1', value: 1 },
      { key: 'c', value: 3 },
    ]);
    expect([...store.range('b/')]).toEqual([
      { key: 'b/10', value: 10 },
      { key: 'b/2', value: 2 },
    ]);
  });

  it('refuses a key that is too long, and then changes nothing', async () => {
    const changes = [
      { key: 'good', value: 1 },
      { key: 'x'.repeat(2_000), value: 1 },
    ];
    await expect(store.write(changes)).rejects.toThrow('too long');
    expect(store.get('good')).toBeUndefined();
  });

  it('keeps what is written within a prefix apart', async () => {
    const inner = store.within('marathon').within('apps');
    await inner.write([{ key: 'web', value: 1 }]);
    await store.write([{ key: 'web', value: 2 }]);
    expect(inner.get('web')).toBe(1);
    expect([...inner.range('')]).toEqual([{ key: 'web', value: 1 }]);
    expect(store.get('marathon/apps/web')).toBe(1);
  });

  it('takes many writes at once', async () => {
    await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => store.write([{ key: `task/${index}`, value: index }])),
    );
    expect([...store.range('task/')]).toHaveLength(1_000);
  });
});

describe('the lmdb store on disk', () => {
  it('holds what was written when it is opened again', async () => {
    const path = await mkdtemp(join(tmpdir(), 'plenum-store-'));
    const before = openStore(path);
    await before.write([{ key: 'quota/eng', value: { cpus: 2 } }]);
    await before.close();
    const after = openStore(path);
    expect(after.get('quota/eng')).toEqual({ cpus: 2 });
    await after.close();
    await rm(path, { recursive: true });
  });
});

describe('a part of a key', () => {
  it('is the id without slashes, and short whatever the id is', () => {
    expect(keyPart('a/b c')).toBe('a%2Fb%20c');
    expect(keyPart('x'.repeat(500))).toBe('x'.repeat(500));
    const long = keyPart('x'.repeat(501));
    expect(long).toMatch(/^@[0-9a-f]{64}$/);
    expect(keyPart('y'.repeat(501))).not.toBe(long);
    expect(keyPart(long)).not.toBe(long);
  });
});
