import type { Store } from './store.ts';

/** A view of a store in which every key starts with `prefix/`. */
export const prefixed = (store: Store, prefix: string): Store => {
  const start = `${prefix}/`;
  const view: Store = {
    get: (key) => store.get(start + key),
    *range(under) {
      for (const { key, value } of store.range(start + under)) yield { key: key.slice(start.length), value };
    },
    write: (changes) => store.write(changes.map(({ key, value }) => ({ key: start + key, value }))),
    within: (inner) => prefixed(view, inner),
  };
  return view;
};
