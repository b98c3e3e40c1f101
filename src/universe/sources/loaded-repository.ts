import type { PackedDefinition } from '../definition/packed-definition.ts';
import type { PackageProblem } from './file-tree.ts';

/** What a repository holds. */
export interface RepositoryContent {
  readonly definitions: readonly PackedDefinition[];
  /** Packages that could not be read, and whatever else people should know; bounded. */
  readonly problems: readonly PackageProblem[];
}

/** A repository as it was read. */
export interface LoadedRepository extends RepositoryContent {
  /** Stands for the content: as long as it stays the same there is nothing new. */
  readonly signature: string;
  /** The commit that was read, of a repository in Git. */
  readonly commit?: string;
  /** What was read by its content, `sha256:…`, of a repository that is one file or artifact. */
  readonly digest?: string;
  /** Set when the source could not be asked, and a copy of what it held before serves. */
  readonly stale?: Staleness;
}

/** Why a copy serves, and how old it is. */
export interface Staleness {
  /** When the source last said that it holds this, in ms since 1970. */
  readonly sinceMs: number;
  readonly reason: string;
}

export interface RepositorySource {
  /**
   * Reads the repository; gives back `previous` itself when nothing has changed. When the source is away and there is a
   * copy but no `previous`, the copy is the result, with `stale` set. Throws RepositoryError when it cannot be read at
   * all; broken packages are problems of the result.
   */
  load(previous?: LoadedRepository): Promise<LoadedRepository>;
}
