import type { AgentCall } from '../../mesos/agent-protocol.ts';
import type { Event as ExecutorEvent } from '../../mesos/generated/executor.ts';
import type {
  CheckInfo,
  CommandInfo,
  ContainerInfo,
  HealthCheck,
  Image,
  Resource,
  TTYInfo,
} from '../../mesos/generated/mesos.ts';
import type { TimerEffect } from '../../store/turn-runner.ts';
import type { NetworkPlan } from './network-plan.ts';
import type { Termination } from './operator-containers.ts';
import type { SharedIpc } from './shared-ipc.ts';
import type { ProcessIdentity } from './state.ts';

/** A volume of a container: a persistent one, a folder of the host or of another sandbox. */
export interface Mount {
  /** Relative to the sandbox, or absolute in the container's root folder. */
  containerPath: string;
  hostPath: string;
  /** The host's folder is made when it is missing. */
  isMade: boolean;
  isReadOnly: boolean;
  propagation?: 'HOST_TO_CONTAINER' | 'BIDIRECTIONAL';
}

/** All that is needed to start a container. */
export interface ContainerPlan {
  readonly id: string;
  /** Of the container of its executor, for one that is nested. */
  readonly parentId: string | undefined;
  readonly frameworkId: string;
  readonly executorId: string;
  /** Absent for the process of a custom executor. */
  readonly taskId: string | undefined;
  readonly sandbox: string;
  readonly parentSandbox: string | undefined;
  readonly command: CommandInfo;
  readonly environment: Readonly<Record<string, string>>;
  /** System user that it runs as; undefined keeps the agent's own. */
  readonly user: string | undefined;
  readonly container: ContainerInfo | undefined;
  /** What its root folder is made from; undefined lets it see the host's. */
  readonly image: Image | undefined;
  readonly mounts: readonly Mount[];
  /** The container whose limits count for it: itself, or its parent when it shares cgroups with that. */
  readonly limitedAs: string;
  /** What it may use; that of a nested container which shares its executor's limits is what all of them may use. */
  readonly resources: readonly Resource[];
  /** By name of resource, Infinity for none. */
  readonly limits: Readonly<Record<string, number>>;
  /** Undefined is the host's network. */
  readonly network: NetworkPlan | undefined;
  /** What of IPC it has together with others. */
  readonly ipc?: SharedIpc;
  /** Why it cannot be started at all. */
  readonly refusal?: string;
}

/** The checks of one task. */
export interface CheckPlan {
  readonly containerId: string;
  readonly sandbox: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly healthCheck: HealthCheck | undefined;
  readonly check: CheckInfo | undefined;
}

/** A command to run inside a container that runs already. */
export interface SessionPlan {
  /** See OperatorContainer. */
  readonly key: string;
  /** Of the container that it runs in. */
  readonly parentId: string;
  readonly command: CommandInfo;
  readonly terminal: TTYInfo | undefined;
}

/** What has become of a container, for those who wait to hear it. */
export type ContainerNews =
  | { type: 'running' }
  | { type: 'failed'; message: string }
  | { type: 'ended'; termination: Termination };

/** What a turn wants done once its changes are durable, in this order. */
export type Effect =
  | { type: 'send-master'; call: AgentCall }
  | { type: 'start-container'; plan: ContainerPlan }
  /** Lets a forked container run its command. */
  | { type: 'release-container'; containerId: string }
  | { type: 'update-container'; plan: ContainerPlan }
  | { type: 'signal-container'; containerId: string; signal: 'SIGTERM' | 'SIGKILL' }
  /** The end of a container is recorded: what its process left behind is of no use any more. */
  | { type: 'forget-container'; containerId: string }
  | { type: 'start-checks'; plan: CheckPlan }
  | { type: 'stop-checks'; containerId: string }
  | { type: 'send-executor'; runId: string; event: ExecutorEvent }
  | { type: 'close-executor'; runId: string }
  | { type: 'start-session'; plan: SessionPlan }
  | { type: 'end-session'; key: string }
  /** Sends a signal to everything in a container. */
  | { type: 'signal-process'; process: ProcessIdentity; signal: number }
  /** Kills what an earlier life of the agent has left of a session. */
  | { type: 'sweep-process'; process: ProcessIdentity }
  | { type: 'tell-container'; key: string; news: ContainerNews }
  | { type: 'remove-sandbox'; sandbox: string }
  | TimerEffect<TimerName>
  | { type: 'remove-volume'; volume: Resource }
  /** The agent has to stop for good: it was told so by the master. */
  | { type: 'end'; message: string };

/** What a timer is for, with the id of the container or the key of the stream or the operation. */
export type TimerName = `${'escalate' | 'register' | 'complete' | 'update' | 'operation'}:${string}`;
