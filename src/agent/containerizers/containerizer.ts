import type { ContainerStatus, NetworkInfo, ResourceStatistics } from '../../mesos/generated/mesos.ts';
import type { ContainerPlan } from '../core/effect.ts';
import type { Exit } from '../core/exit.ts';
import type { KnownContainer } from '../core/known-containers.ts';
import type { ProcessIdentity } from '../core/state.ts';
import type { Limitation } from '../isolators/isolator.ts';
import type { ContainerEntry } from './container-entry.ts';

/** What becomes of containers. Each that was started either fails, or is forked and later exits. */
export interface ContainerEvents {
  /** `networks` is what it has on networks that are not the host's. */
  forked(containerId: string, process: ProcessIdentity, networks?: NetworkInfo[]): void;
  failed(containerId: string, message: string): void;
  /** It went over a limit; what is left of it is to be ended, and its exit is told after that. */
  limited(containerId: string, limitation: Limitation): void;
  exited(containerId: string, exit: Exit): void;
  /** Found after a restart: its command never ran. */
  unstarted(containerId: string): void;
}

export type { KnownContainer };

/** One way to run containers: the agent asks the first one that accepts. */
export interface Containerizer {
  /** In the words of --containerizers' documentation: process, oci, docker. */
  readonly name: string;
  accepts(plan: ContainerPlan): boolean;
  start(plan: ContainerPlan): void;
  /** Lets a forked container run its command. */
  release(containerId: string): void;
  signal(containerId: string, signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Its resources are others now. */
  update(plan: ContainerPlan): void;
  /** Takes over what was started before: tells what has ended, watches the rest, removes what belongs to nobody. */
  recover(containers: readonly KnownContainer[]): Promise<void>;
  /** Its end is recorded: whatever it has left is removed. */
  forget(containerId: string): void;
  /** How to start a further process in it; undefined for one that does not run here. */
  enter(containerId: string): ContainerEntry | undefined;
  usage(containerId: string): Promise<Partial<ResourceStatistics>>;
  status(containerId: string): Promise<Partial<ContainerStatus>>;
  /** Lets go of every container; those whose command runs go on. Resolves when nothing that has ended is in the way. */
  close(): Promise<void>;
}
