import type { AgentCall } from '../../mesos/agent-protocol.ts';
import type { Event as ExecutorEvent } from '../../mesos/generated/executor.ts';
import type { CheckInfo, CommandInfo, HealthCheck, Resource } from '../../mesos/generated/mesos.ts';
import type { TimerEffect } from '../../store/turn-runner.ts';

/** A link that a sandbox gets: a persistent volume, a folder of the host or of another sandbox. */
export interface Mount {
  /** Relative to the sandbox. */
  containerPath: string;
  hostPath: string;
  /** The host's folder is made when it is missing. */
  isMade: boolean;
}

/** All that is needed to start a container. */
export interface ContainerPlan {
  readonly id: string;
  /** Absent for the process of a custom executor. */
  readonly taskId: string | undefined;
  readonly sandbox: string;
  readonly command: CommandInfo;
  readonly environment: Readonly<Record<string, string>>;
  /** System user that it runs as; undefined keeps the agent's own. */
  readonly user: string | undefined;
  readonly mounts: readonly Mount[];
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

/** What a turn wants done once its changes are durable, in this order. */
export type Effect =
  | { type: 'send-master'; call: AgentCall }
  | { type: 'start-container'; plan: ContainerPlan }
  /** Lets a forked container run its command. */
  | { type: 'release-container'; containerId: string }
  | { type: 'signal-container'; containerId: string; signal: 'SIGTERM' | 'SIGKILL' }
  /** The end of a container is recorded: what its process left behind is of no use any more. */
  | { type: 'forget-container'; containerId: string }
  | { type: 'start-checks'; plan: CheckPlan }
  | { type: 'stop-checks'; containerId: string }
  | { type: 'send-executor'; runId: string; event: ExecutorEvent }
  | { type: 'close-executor'; runId: string }
  | TimerEffect<TimerName>
  | { type: 'remove-volume'; volume: Resource }
  /** The agent has to stop for good: it was told so by the master. */
  | { type: 'end'; message: string };

/** What a timer is for, with the id of the container or the key of the stream or the operation. */
export type TimerName = `${'escalate' | 'register' | 'complete' | 'update' | 'operation'}:${string}`;
