import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../../mesos/generated/mesos.ts';
import { parseResources } from '../../mesos/resources/parse-text.ts';
import type { Clock, Timer } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';

/** Says what of the machine could be used beyond what is allocated; modules are written on it. */
export interface ResourceEstimator {
  /** All of it, whether it is in use already or not. */
  oversubscribable(): readonly Resource[] | Promise<readonly Resource[]>;
}

/** The default export of a module that `--resource_estimator` names. */
export type EstimatorModule = (context: { readonly log: Log }) => ResourceEstimator;

export interface OversubscriptionOptions {
  /** Resources in Mesos' syntax, which never change, or the path of an ES module; undefined: nothing is oversubscribed. */
  readonly estimator: string | undefined;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears of every estimate that is another one. */
  readonly onChange: (resources: readonly Resource[]) => void;
}

export const DEFAULT_OVERSUBSCRIBED_INTERVAL_MS = 15_000;

/** What an agent offers beyond what it has, to be taken back at any moment (mesos.md 6.8). */
export interface Oversubscription {
  readonly current: readonly Resource[];
  close(): void;
}

/** Asks for the first estimate, and then at an interval. Rejects when there is no such estimator. */
export const startOversubscription = async (options: OversubscriptionOptions): Promise<Oversubscription> => {
  const { estimator, intervalMs, clock, log, onChange } = options;
  if (estimator === undefined) return { current: [], close: () => undefined };
  const source = await openEstimator(estimator, log);
  let current: readonly Resource[] = await estimate(source);
  let timer: Timer | undefined;
  let isClosed = false;
  const again = (): void => {
    if (!isClosed) timer = clock.setTimer(intervalMs, () => void look());
  };
  const look = async (): Promise<void> => {
    try {
      const next = await estimate(source);
      if (!isDeepStrictEqual(next, current) && !isClosed) {
        current = next;
        onChange(current);
      }
    } catch (error) {
      log.warn({ error: errorMessage(error) }, 'the resource estimator failed; its last estimate stands');
    }
    again();
  };
  again();
  return {
    get current() {
      return current;
    },
    close: () => {
      isClosed = true;
      timer?.cancel();
    },
  };
};

const openEstimator = async (text: string, log: Log): Promise<ResourceEstimator> => {
  if (!/\.m?js$/.test(text)) {
    const fixed = parseResources(text);
    return { oversubscribable: () => fixed };
  }
  const module: { default?: unknown } = await import(pathToFileURL(resolve(text)).href);
  if (typeof module.default !== 'function') {
    throw new Error(`${text} has no function as its default export, as a resource estimator must`);
  }
  return (module.default as EstimatorModule)({ log });
};

const estimate = async (source: ResourceEstimator): Promise<Resource[]> =>
  (await source.oversubscribable()).map((resource) => ({ ...resource, revocable: {} }));
