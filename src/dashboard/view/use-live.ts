import { useEffect, useRef, useState } from 'preact/hooks';
import { ServerError } from '../model/server-error.ts';

const EVERY_MS = 3_000;

export interface Live<Value> {
  /** The latest that was had; it stays while the server does not answer. */
  readonly value: Value | undefined;
  readonly problem: ServerError | undefined;
  /** Asks now, after something was changed. */
  readonly reload: () => void;
}

/** Asks again and again for what a view shows, as long as it is shown; `key` says what is asked for. */
export const useLive = <Value>(
  key: string,
  load: (key: string) => Promise<Value>,
  { everyMs = EVERY_MS }: { everyMs?: number } = {},
): Live<Value> => {
  const [state, setState] = useState<Omit<Live<Value>, 'reload'>>({ value: undefined, problem: undefined });
  const loader = useRef(load);
  loader.current = load;
  const again = useRef<() => void>(() => undefined);
  useEffect(() => {
    let isShown = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      clearTimeout(timer);
      try {
        const value = await loader.current(key);
        if (isShown) setState({ value, problem: undefined });
      } catch (error) {
        if (isShown) setState((earlier) => ({ ...earlier, problem: asServerError(error) }));
      }
      if (isShown) timer = setTimeout(() => void look(), everyMs);
    };
    again.current = () => void look();
    setState({ value: undefined, problem: undefined });
    void look();
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [key, everyMs]);
  return { ...state, reload: () => again.current() };
};

/** Whatever goes wrong, as something to show. */
export const asServerError = (error: unknown): ServerError =>
  error instanceof ServerError
    ? error
    : new ServerError(0, error instanceof Error ? error.message : String(error));
