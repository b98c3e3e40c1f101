/** A promise together with what resolves it; resolving it again does nothing. */
export interface SettlingPromise<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export const settlingPromise = <T>(): SettlingPromise<T> => {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
};
