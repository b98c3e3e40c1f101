import { mkdirSync } from 'node:fs';
import { open } from 'lmdb';
import { checkKey } from './check-key.ts';
import { prefixed } from './prefixed-store.ts';
import type { Change, OpenStore, Store } from './store.ts';

/** The database may grow to this size; the file only takes what is used. */
const MAP_SIZE_BYTES = 16 * 1024 * 1024 * 1024;

/** Opens (or makes) a store in a folder. Only one process may have a folder open for writing. */
export const openStore = (folder: string): OpenStore => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = open<unknown, string>({
    path: folder,
    encoding: 'json',
    mapSize: MAP_SIZE_BYTES,
    // Without this LMDB answers before the flush: what was acknowledged could be lost with the power.
    overlappingSync: false,
  });
  const apply = async (changes: readonly Change[]): Promise<void> => {
    for (const { key } of changes) checkKey(key);
    await database.batch(() => {
      for (const { key, value } of changes) {
        if (value === undefined) void database.remove(key);
        else void database.put(key, value);
      }
    });
    await database.committed;
  };
  const store: OpenStore = {
    get: (key) => database.get(key),
    *range(prefix) {
      for (const { key, value } of database.getRange({ start: prefix, end: `${prefix}\u{10ffff}` })) {
        yield { key, value };
      }
    },
    write: apply,
    within: (prefix): Store => prefixed(store, prefix),
    close: async () => {
      await database.flushed;
      await database.close();
    },
  };
  return store;
};
