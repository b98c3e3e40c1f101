import type { PackedDefinition } from '../definition/packed-definition.ts';
import type { PackageProblem } from './file-tree.ts';

/** A repository as it was read. */
export interface LoadedRepository {
  readonly definitions: readonly PackedDefinition[];
  /** Packages that could not be read, and whatever else people should know; bounded. */
  readonly problems: readonly PackageProblem[];
  /** Stands for the content: as long as it stays the same there is nothing new. */
  readonly signature: string;
}

export interface RepositorySource {
  /**
   * Reads the repository; gives back `previous` itself when nothing has changed. Throws RepositoryError when it cannot be
   * read at all; broken packages are problems of the result.
   */
  load(previous?: LoadedRepository): Promise<LoadedRepository>;
}
