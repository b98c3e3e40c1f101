import type { LoadedRepository, RepositoryContent, RepositorySource } from './loaded-repository.ts';
import type { RepositoryCopy } from './repository-copy.ts';
import { RepositoryError } from './repository-error.ts';

/** What is known of a repository, by which its source can be asked for news. */
export interface KnownState {
  readonly signature: string;
  /** What the source itself wants to be asked by, such as an ETag. */
  readonly validators: Readonly<Record<string, string>>;
}

export type Reading =
  | { readonly type: 'unchanged'; readonly validators?: Readonly<Record<string, string>> }
  | ({ readonly type: 'read'; readonly validators?: Readonly<Record<string, string>> } & RepositoryContent &
      Pick<LoadedRepository, 'signature' | 'commit' | 'digest'>);

/** Asks a source for what is new. Throws RepositoryError. */
export type ReadRepository = (known: KnownState | undefined) => Promise<Reading>;

/**
 * Keeps a copy of what was read last, for the next start of the process and for days when the source is away: what is
 * unchanged is not read again, and a source that cannot be asked is served from the copy, which is then marked as stale.
 */
export const cachedSource = (read: ReadRepository, copy: RepositoryCopy): RepositorySource => {
  let known: (KnownState & { readonly loaded: LoadedRepository }) | undefined;

  const load = async (previous?: LoadedRepository): Promise<LoadedRepository> => {
    const stored = previous === undefined ? await copy.read() : undefined;
    if (stored) known = stored;
    else if (known?.loaded !== previous) known = undefined;
    try {
      const isUsable = stored === undefined || stored.isOfThisReader;
      return await take(await read(isUsable ? known : undefined));
    } catch (error) {
      if (!known || !stored || !isAway(error)) throw error;
      return remember(known, {
        ...known.loaded,
        stale: { sinceMs: stored.confirmedAtMs, reason: error.message },
      });
    }
  };

  const take = async (reading: Reading): Promise<LoadedRepository> => {
    if (reading.type === 'read') {
      const { type: _type, validators = {}, ...loaded } = reading;
      await copy.write(loaded, validators);
      return remember({ validators }, loaded);
    }
    if (!known) throw new RepositoryError('bad-content', 'The source answered that nothing is new, unasked');
    const { stale, ...current } = known.loaded;
    const { validators = known.validators } = reading;
    if (validators === known.validators) await copy.confirm();
    else await copy.write(current, validators);
    return remember({ validators }, stale === undefined ? known.loaded : current);
  };

  const remember = (
    { validators }: Pick<KnownState, 'validators'>,
    loaded: LoadedRepository,
  ): LoadedRepository => {
    known = { signature: loaded.signature, validators, loaded };
    return loaded;
  };

  return { load };
};

/**
 * The source is away, ill, or not to be trusted now, as opposed to holding something that is no repository. A copy of what
 * was signed is as good as ever.
 */
const isAway = (error: unknown): error is RepositoryError =>
  error instanceof RepositoryError &&
  (error.problem === 'unreachable' ||
    error.problem === 'bad-signature' ||
    (error.problem === 'bad-status' && (error.status ?? 0) >= 500));
