import type {
  CapabilityInfoCapability,
  CommandInfo,
  ContainerInfo,
  ContainerStatus,
  Resource,
  ResourceStatistics,
} from '../../mesos/generated/mesos.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import type { Mount } from '../core/effect.ts';
import type { NetworkPlan } from '../core/network-plan.ts';
import type { SharedIpc } from '../core/shared-ipc.ts';
import type { Limitation } from '../core/state.ts';
import type { ImageConfig, MountPlan, RLimit } from './preparation-parts.ts';

/**
 * One aspect of what a container may see and use (mesos.md 6.4, 6.9). An isolator is asked at the steps of a container's
 * life that it cares about; every method is optional, and none may assume that it was asked before: the agent may have
 * died between any two steps.
 */
export interface Isolator {
  /** As in --isolation, such as `cgroups/mem`. */
  readonly name: string;
  /** After a restart: takes over what still runs, and removes what belongs to no known container. */
  recover?(containers: readonly RecoveredContainer[]): Promise<void>;
  /** Before the fork. Rejects, with a message for people, when the container cannot have what it asks for. */
  prepare?(container: ContainerConfig): Promise<Preparation | undefined>;
  /** Files that every process which enters the container writes 0 to before it has a second thread, its first one included. */
  cgroups?(container: ContainerIdentity): readonly string[];
  /** What every process that enters the container later is kept to, as its first one is by `prepare`. */
  rights?(container: Pick<ContainerConfig, 'container'>): Pick<Preparation, 'capabilities' | 'rlimits'>;
  /** After the fork and before the command runs. `pid` is the container's first process, as the host counts. */
  isolate?(container: ContainerConfig, pid: number): Promise<void>;
  /** Its resources are others now: a task came to its executor, or went. */
  update?(container: ContainerIdentity, resources: ContainerResources): Promise<void>;
  /** Resolves when the container has gone over a limit; it is destroyed then. Stays pending for one that never does. */
  watch?(containerId: string): Promise<Limitation>;
  /**
   * Asked once a container has ended by itself: whether it was a limit that ended it. An isolator that learns of a limit
   * from the system, not by looking, answers here what `watch` could not tell in time, or while the agent was dead.
   */
  autopsy?(containerId: string): Promise<Limitation | undefined>;
  usage?(containerId: string): Promise<Partial<ResourceStatistics>>;
  status?(containerId: string): Promise<Partial<ContainerStatus>>;
  /** Gives back whatever was taken for the container. Idempotent; also for containers of an earlier life of the agent. */
  cleanup?(containerId: string): Promise<void>;
  /** Stops what it does by itself; containers go on. */
  close?(): void;
}

/** What a container may use. */
export interface ContainerResources {
  readonly resources: readonly Resource[];
  /** Of a task that may use more than it asked for: by the name of the resource, Infinity for no limit. */
  readonly limits: Readonly<Record<string, number>>;
}

/** Which container it is, and whose limits are its own. */
export interface ContainerIdentity {
  readonly id: string;
  /** Of the container of its executor, for one that is nested. */
  readonly parentId: string | undefined;
  /** The container whose limits count for it: itself, or its parent when it shares cgroups with that. */
  readonly limitedAs: string;
}

/** All that is known of a container before it is started. */
export interface ContainerConfig extends ContainerIdentity, ContainerResources {
  readonly frameworkId: string;
  readonly executorId: string;
  /** Absent for the process of an executor. */
  readonly taskId: string | undefined;
  /** On the host. */
  readonly sandbox: string;
  readonly parentSandbox: string | undefined;
  readonly command: CommandInfo;
  readonly environment: Readonly<Record<string, string>>;
  /** System user that its command runs as; undefined is the agent's own. */
  readonly user: string | undefined;
  /** Its volumes that are folders of this machine. */
  readonly mounts: readonly Mount[];
  /** Undefined is the host's network. */
  readonly network: NetworkPlan | undefined;
  /** What of IPC it has together with others. */
  readonly ipc?: SharedIpc;
  /** Volumes, network_infos, linux_info, rlimit_info, tty_info. */
  readonly container: ContainerInfo | undefined;
  /** Its own root folder, from an image; undefined lets it see the host's. */
  readonly rootfs: string | undefined;
  readonly image: ImageConfig | undefined;
}

/** A container that an earlier life of the agent started and that runs still. */
export interface RecoveredContainer extends ContainerIdentity, ContainerResources {
  readonly sandbox: string;
  readonly mounts: readonly Mount[];
  readonly network: NetworkPlan | undefined;
  /** What of IPC it has together with others. */
  readonly ipc?: SharedIpc;
  /** Undefined when it is about to be started anew. */
  readonly pid: number | undefined;
  readonly container: ContainerInfo | undefined;
}

/** What an isolator wants of the start of a container. Of what several want, the later one's wish counts. */
export interface Preparation {
  /** Added to the command's environment; the command's own variables win. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly namespaces?: Namespaces;
  /** Made in the container's own mount namespace, in this order; they ask for one by themselves. */
  readonly mounts?: readonly MountPlan[];
  readonly rlimits?: readonly RLimit[];
  /** Such as 0o022. */
  readonly umask?: number;
  readonly capabilities?: Capabilities;
  /**
   * Shell commands, run by root in the container's namespaces, with the host's programs in reach, before its root folder
   * is changed and its command runs. One that fails fails the container.
   */
  readonly commands?: readonly string[];
  /** In the container; the sandbox unless told otherwise. */
  readonly workingDirectory?: string;
  /** In place of the command, such as what an image starts. */
  readonly commandLine?: readonly string[];
  /** Host name that it sees, in a UTS namespace of its own. */
  readonly hostname?: string;
}

/** A namespace of its own, or the file of one to join such as /run/netns/x. */
export type NamespaceWish = 'own' | { readonly path: string };

export interface Namespaces {
  readonly mount?: 'own';
  readonly pid?: 'own';
  readonly net?: NamespaceWish;
  readonly ipc?: NamespaceWish;
  readonly uts?: NamespaceWish;
}

/** Sets of a command's process, without CAP_; undefined leaves a set as it is. */
export interface Capabilities {
  readonly effective?: readonly CapabilityInfoCapability[];
  readonly bounding?: readonly CapabilityInfoCapability[];
}

/** A limit that a container went over: the last status of its task. */
export type { Limitation } from '../core/state.ts';

/** What an isolator is made with. */
export interface IsolatorContext {
  readonly workDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The names of all isolators of this agent. */
  readonly isolation: readonly string[];
  /** Options of the agent that are about isolators, by Mesos' names of flags, as they were given. */
  readonly flags: Readonly<Record<string, string>>;
}

/** The default export of an isolator's module. Throws, with a message for people, when it cannot work here. */
export type IsolatorFactory = (context: IsolatorContext) => Isolator | Promise<Isolator>;
