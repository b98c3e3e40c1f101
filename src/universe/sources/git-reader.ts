import type { ReadRepository } from './cached-source.ts';
import { type GitCloneOptions, openGitClone } from './git-clone.ts';
import { readRevisions } from './read-revisions.ts';

/** Reads a repository in Git. */
export const gitReader = (options: GitCloneOptions): ReadRepository => {
  const clone = openGitClone(options);
  return async (known) => {
    const object = await clone.fetch();
    if (object === known?.signature) return { type: 'unchanged' };
    const content = await readRevisions(await clone.tree());
    return { type: 'read', ...content, signature: object, commit: await clone.commit() };
  };
};
