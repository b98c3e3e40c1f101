import type { Clock } from '../runtime/clock.ts';

export interface Fresh<T> {
  get(): Promise<T>;
  /** The next `get` loads anew, because what is remembered has turned out to be wrong. */
  forget(): void;
}

/** Remembers for `lifetimeMs` what `load` gave; whoever asks meanwhile shares one load. Failures are not remembered. */
export const freshFor = <T>(clock: Clock, lifetimeMs: number, load: () => Promise<T>): Fresh<T> => {
  let loaded: Promise<T> | undefined;
  let loadedAtMs = 0;
  const forget = (): void => {
    loaded = undefined;
  };
  const get = (): Promise<T> => {
    if (loaded && clock.now() - loadedAtMs < lifetimeMs) return loaded;
    const loading = load();
    loaded = loading;
    loadedAtMs = clock.now();
    loading.catch(() => {
      if (loaded === loading) forget();
    });
    return loading;
  };
  return { get, forget };
};
