import { type GitCloneOptions, openGitClone } from './git-clone.ts';
import type { LoadedRepository, RepositorySource } from './loaded-repository.ts';
import { readRevisions } from './read-revisions.ts';

/** A repository in Git. When the remote cannot be reached, what was fetched before serves. */
export const gitSource = (options: GitCloneOptions): RepositorySource => {
  const clone = openGitClone(options);

  const load = async (previous?: LoadedRepository): Promise<LoadedRepository> => {
    let object: string;
    try {
      object = await clone.fetch();
    } catch (error) {
      const fetched = await clone.fetched();
      if (previous !== undefined || fetched === undefined) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return { ...(await readFetched(fetched)), stale: { sinceMs: await clone.confirmedMs(), reason } };
    }
    if (previous?.signature !== object) return readFetched(object);
    const { stale, ...current } = previous;
    return stale === undefined ? previous : current;
  };

  const readFetched = async (object: string): Promise<LoadedRepository> => ({
    ...(await readRevisions(await clone.tree())),
    signature: object,
    commit: await clone.commit(),
  });

  return { load };
};
