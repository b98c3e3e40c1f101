import type { ServerAccess } from '../http/server-access.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import type { Store } from '../store/store.ts';
import type { MasterFlags } from './flags/master-flags.ts';

export interface MasterOptions {
  /** Where the registry is kept. */
  store: Store;
  /** Of Mesos, as clients are told. */
  version: string;
  /** Shown in /version beside it. */
  plenumVersion?: string;
  log: Log;
  /** The file that it goes to, where it is one: clients may read it as /master/log. */
  logFile?: string | undefined;
  clock: Clock;
  random: Random;
  /** Address to listen on; the loopback one unless told otherwise. */
  host?: string;
  /** 0 takes a free one. */
  port?: number;
  /** Further names under which requests may come; the first one is what the master is shown as. */
  hostnames?: readonly string[];
  /** TLS and authentication; default: neither. */
  access?: ServerAccess | undefined;
  /** Agents that belong to another cluster are refused. */
  clusterId?: string;
  /** Shown in /state. */
  clusterName?: string;
  /** Mesos' flags (mesos.md B.1), as `readMasterFlags` reads them. */
  flags?: MasterFlags;
}

export interface RunningMaster {
  /** Such as http://127.0.0.1:5050. */
  readonly url: string;
  readonly port: number;
  /** Stops the master; agents and schedulers look for it until it is back. */
  close(): Promise<void>;
}
