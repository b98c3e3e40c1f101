import type { ServerAccess } from '../http/server-access.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import type { Store } from '../store/store.ts';

export interface PackagesOptions {
  /** Base URL of the Mesos master. */
  readonly mesosUrl: string;
  /** Base URL of Marathon. */
  readonly marathonUrl: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Names other than this machine's own under which requests may come. */
  readonly hostnames: readonly string[];
  /** TLS and authentication; default: neither. */
  readonly access?: ServerAccess | undefined;
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  /** Plenum's version, told to repositories. */
  readonly version: string;
  /** Folder for clones and copies of repositories; it may be deleted at any time. */
  readonly cacheDir: string;
  /** Folder of the universe that Plenum brings along: the one repository of a new cluster. */
  readonly bundledUniverse: string;
}
