import { checkKey } from './check-key.ts';
import { prefixed } from './prefixed-store.ts';
import type { Change, OpenStore, Store } from './store.ts';

/** A store that lives as long as the process: for tests, and for simulations. */
export const memoryStore = (): OpenStore => {
  const values = new Map<string, string>();
  const store: OpenStore = {
    get: (key) => parse(values.get(key)),
    range: (prefix) =>
      [...values.keys()]
        .filter((key) => key.startsWith(prefix))
        .sort()
        .map((key) => ({ key, value: parse(values.get(key)) })),
    async write(changes: readonly Change[]) {
      for (const { key } of changes) checkKey(key);
      for (const { key, value } of changes) {
        if (value === undefined) values.delete(key);
        else values.set(key, JSON.stringify(value));
      }
    },
    within: (prefix): Store => prefixed(store, prefix),
    close: async () => undefined,
  };
  return store;
};

const parse = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
