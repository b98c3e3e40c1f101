import { HttpError } from '../../http/http-error.ts';
import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import type { Bundle } from './bundle.ts';
import {
  agentSources,
  type BundleSource,
  controlPlaneSources,
  type SourceOptions,
} from './bundle-sources.ts';
import { type BundleStore, createBundleStore } from './bundle-store.ts';
import { writeBundle } from './write-bundle.ts';

/** Which nodes a bundle is about. */
export interface BundleScope {
  readonly masters: boolean;
  readonly agents: boolean;
}

export interface BundleMaker {
  readonly store: BundleStore;
  /** Begins one and resolves when that is kept. Throws HttpError 409 while another one is made, or when there is this one. */
  create(id: string, scope: BundleScope): Promise<Bundle>;
  /** Ends it if it is being made, and removes its archive. Undefined when there is none. */
  delete(id: string): Promise<Bundle | undefined>;
  /** Nothing goes on behind it. */
  close(): Promise<void>;
}

export interface BundleMakerOptions extends SourceOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}

const LONGEST_MS = 5 * 60_000;
/** More than this are not kept, not even as having been there. */
const MOST_KEPT = 20;

interface Work {
  readonly id: string;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

export const createBundleMaker = (options: BundleMakerOptions): BundleMaker => {
  const { folder, clock, log } = options;
  let work: Work | undefined;
  const store = createBundleStore(folder, (id) => work?.id === id);

  const make = async (bundle: Bundle, scope: BundleScope, signal: AbortSignal): Promise<void> => {
    const stopped = (): string => new Date(clock.now()).toISOString();
    try {
      const { sources, errors } = await collectSources(options, scope);
      const left = await writeBundle(store.archiveOf(bundle.id), sources, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]),
        mtime: new Date(clock.now()),
        errors,
      });
      const size = await store.sizeOf(bundle.id);
      await store.save({ ...bundle, status: 'Done', size, stopped_at: stopped(), errors: left });
    } catch (error) {
      const status = signal.aborted ? 'Canceled' : 'Failed';
      await store.removeArchive(bundle.id);
      await store.save({ ...bundle, status, stopped_at: stopped(), errors: [errorMessage(error)] });
      log.warn({ bundle: bundle.id, reason: errorMessage(error) }, 'a bundle of diagnostics was not made');
    }
  };

  const create = async (id: string, scope: BundleScope): Promise<Bundle> => {
    if (work) throw new HttpError(409, `Bundle ${work.id} is being made: wait until it is done`);
    const abort = new AbortController();
    const started_at = new Date(clock.now()).toISOString();
    const bundle: Bundle = { id, type: 'Cluster', status: 'InProgress', size: 0, started_at };
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const done = begun
      .then(() => make(bundle, scope, abort.signal))
      .catch((error: unknown) =>
        log.error({ bundle: id, reason: errorMessage(error) }, 'a bundle cannot be kept'),
      )
      .finally(() => {
        work = undefined;
      });
    // Taken before anything is awaited, so that two requests never begin two.
    work = { id, abort, done };
    try {
      if (await store.find(id)) throw new HttpError(409, `There is a bundle ${id} already`);
      await forgetOldest(store);
      await store.save(bundle);
    } catch (error) {
      work = undefined;
      throw error;
    }
    begin();
    return bundle;
  };

  return {
    store,
    create,
    delete: async (id) => {
      if (work?.id === id) {
        work.abort.abort();
        await work.done;
      }
      const bundle = await store.find(id);
      if (!bundle || bundle.status === 'Deleted') return bundle;
      await store.removeArchive(id);
      await store.save({ ...bundle, status: 'Deleted', size: 0 });
      return bundle;
    },
    close: async () => {
      work?.abort.abort();
      await work?.done;
    },
  };
};

const collectSources = async (
  options: BundleMakerOptions,
  { masters, agents }: BundleScope,
): Promise<{ sources: readonly BundleSource[]; errors: readonly string[] }> => {
  const sources = masters ? controlPlaneSources(options) : [];
  const errors: string[] = [];
  if (!agents) return { sources, errors };
  try {
    for (const id of (await options.agents.get()).keys()) {
      try {
        sources.push(...(await agentSources(id, options)));
      } catch (error) {
        errors.push(`agents/${id}: ${errorMessage(error)}`);
      }
    }
  } catch (error) {
    errors.push(`agents: ${errorMessage(error)}`);
  }
  return { sources, errors };
};

const forgetOldest = async (store: BundleStore): Promise<void> => {
  const bundles = await store.list();
  for (const { id } of bundles.slice(0, Math.max(0, bundles.length - MOST_KEPT + 1))) await store.forget(id);
};
