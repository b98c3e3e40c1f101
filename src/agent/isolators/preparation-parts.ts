import type { RLimitInfoRLimitType } from '../../mesos/generated/mesos.ts';

/** What an image says about how to run it (mesos.md 6.4, docker/runtime). */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** As the image names it: USER, UID, USER:GROUP or UID:GID. */
  readonly user: string | undefined;
  readonly workingDir: string | undefined;
}

/** Something that is mounted for one container. */
export interface MountPlan {
  /** What is mounted: a path of the host for `bind`, else a word that the kernel shows. */
  readonly source: string;
  /** Where in the container: in its root folder when it has one, else a path of the host. Made when it is missing. */
  readonly target: string;
  /** `bind`, or the kernel's name of a file system such as `tmpfs` and `proc`. */
  readonly type: string;
  readonly isReadOnly: boolean;
  /** For mount -o, such as `size=64m`. */
  readonly options?: string;
  /** How mounts made later spread between host and container; not at all unless told. */
  readonly propagation?: 'HOST_TO_CONTAINER' | 'BIDIRECTIONAL';
}

/** One resource limit of a process; undefined is no limit. */
export interface RLimit {
  readonly type: RLimitInfoRLimitType;
  readonly soft: number | undefined;
  readonly hard: number | undefined;
}
