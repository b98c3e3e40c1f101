import type { ServerAccess } from '../http/server-access.ts';
import type { Acls } from '../mesos/acls/acls.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import type { DockerOptions } from './docker/docker-options.ts';
import type { ImageOptions } from './images/image-options.ts';
import type { LogLimits } from './sandbox/log-rotation.ts';

export interface AgentOptions {
  /** Masters to try in turn, such as http://127.0.0.1:5050. */
  masterUrls: readonly string[];
  /** Of the cluster that it belongs to: on a port that changed hands another cluster's master may listen. */
  clusterId?: string;
  /** Address to listen on; the loopback one unless told otherwise. */
  host?: string;
  /** 0 takes a free one. */
  port?: number;
  /** Name that the agent is shown and reached under; its address unless told otherwise. */
  hostname?: string;
  /** Further names under which requests may come. */
  hostnames?: readonly string[];
  /** TLS and authentication; default: neither. */
  access?: ServerAccess | undefined;
  /** Who may do what; default: whoever is let in everything. */
  acls?: Acls | undefined;
  /** Everything that the agent keeps: sandboxes, volumes, its checkpoint. */
  workDir: string;
  /** The agent's own log, where it is kept in a file: it is shown among the files. */
  logFile?: string;
  /** In Mesos' syntax; what it does not name is detected. */
  resources?: string;
  attributes?: string;
  /** Where it is, a DomainInfo in JSON. */
  domain?: string;
  /** What is offered beyond them, to be taken back at any moment: in Mesos' syntax, or a module that says what. */
  resourceEstimator?: string;
  oversubscribedIntervalMs?: number;
  /** When executors with such resources have to go: thresholds of load as JSON, or a module that says which. */
  qosController?: string;
  qosIntervalMs?: number;
  /** Where downloads are kept for the next task; below the work folder unless told otherwise. */
  fetcherCacheDir?: string;
  fetcherCacheBytes?: number;
  /** A download that brings nothing for so long is given up. */
  fetcherStallTimeoutMs?: number;
  /** Where relative paths of URIs begin. */
  frameworksHome?: string;
  /** In the order in which they are asked, in Mesos' words: `mesos`, or `docker,mesos`. */
  containerizers?: string;
  /** Where images come from, and how they are kept. */
  images?: ImageOptions;
  /** The container engine of the containerizer `docker`. */
  docker?: DockerOptions;
  /** Variables that executors and tasks start with; those that make programs findable unless told otherwise. */
  executorEnvironment?: Readonly<Record<string, string>>;
  /** Isolators by their names and paths, in Mesos' syntax; the strongest that the machine allows unless told otherwise. */
  isolation?: string;
  /** What isolators are told, by Mesos' names of flags, such as `{ cgroups_enable_cfs: 'true' }`. */
  isolatorFlags?: Readonly<Record<string, string>>;
  /** The plenum executable that this agent belongs to, for tasks that start a scheduler. */
  executable?: string;
  /** Of Mesos, as the master and clients are told. */
  version: string;
  /** Shown in /version beside it. */
  plenumVersion?: string;
  log: Log;
  clock: Clock;
  random: Random;
  executorRegistrationTimeoutMs?: number;
  executorReregistrationTimeoutMs?: number;
  executorShutdownGraceMs?: number;
  logLimits?: LogLimits;
  /** How long the sandbox of a finished run stays. */
  gcDelayMs?: number;
  /** The share of the disk, from 0 to 1, near which no sandbox stays. */
  gcDiskHeadroom?: number;
}

export interface RunningAgent {
  /** Such as http://127.0.0.1:5051. */
  readonly url: string;
  readonly port: number;
  /** Known once the agent has registered. */
  readonly agentId: string | undefined;
  /** Resolves with the agent's id once a master has taken it. */
  readonly registered: Promise<string>;
  /** Resolves with the reason when a master told the agent to stop for good. */
  readonly ended: Promise<string>;
  /** Stops the agent; its tasks go on, and the next start finds them. */
  close(): Promise<void>;
  /** Ends all tasks and waits for that, then stops the agent, which keeps its id, reservations and volumes. */
  endTasks(): Promise<void>;
  /** Ends all tasks, takes leave of the master for good, then stops the agent. */
  unregister(): Promise<void>;
}

/** What a program needs to be found, and to find its home. The rest of the agent's environment is its own business. */
const INHERITED_VARIABLES = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'JAVA_HOME'];

export const defaultExecutorEnvironment = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    INHERITED_VARIABLES.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
