import type { NamespaceKind } from '../processes/namespaces.ts';
import type { Rights } from '../processes/rights.ts';
import type { UserIdentity } from '../processes/system-user.ts';

/** How a further process is started inside a container that runs: `enter(containerId)` gives one. */
export interface ContainerEntry {
  /** The container's first process, as the host counts. */
  readonly pid: number;
  /** Namespaces to join with nsenter --target PID; none for a plain process container. */
  readonly namespaces: readonly NamespaceKind[];
  /** Whether its root folder is another than the host's; joining its mount namespace leads there. */
  readonly hasOwnRoot: boolean;
  /** Files that the process has to write 0 to before it runs anything. */
  readonly cgroups: readonly string[];
  /** System user that the container's command runs as; undefined is the agent's own. */
  readonly user: string | undefined;
  /** The same in numbers; of an image it may be one that only the image knows. */
  readonly identity: UserIdentity | undefined;
  /** What processes of the container are kept to. */
  readonly rights: Omit<Rights, 'user'>;
  /** Of the container's command. */
  readonly environment: Readonly<Record<string, string>>;
  /** As the container sees it, and where its commands start. */
  readonly workingDirectory: string;
  /** On the host. */
  readonly sandbox: string;
}

/** Finds how to enter a container; undefined for one that does not run. */
export type Enter = (containerId: string) => ContainerEntry | undefined;
