/**
 * What an agent and the embedded master say to each other. Mesos has no published HTTP API here (mesos.md 4), so this one
 * is shaped like its scheduler API: the agent POSTs a SUBSCRIBE call to AGENT_PATH and the answer is a RecordIO stream of
 * events. All other calls go out in POSTs that carry the stream's id: a JSON array of calls, which the master takes in
 * their order, all or (400) none; a single call may come without the array. They are answered 202 once the master has
 * taken them, 403 when the stream is no longer the agent's current one (the agent then subscribes anew).
 */
import type {
  AgentID,
  AgentInfo,
  AgentInfoCapability,
  DrainConfig,
  ExecutorID,
  ExecutorInfo,
  FrameworkID,
  FrameworkInfo,
  KillPolicy,
  MasterInfo,
  OfferOperation,
  OperationStatus,
  Resource,
  Task,
  TaskID,
  TaskInfo,
  TaskStatus,
} from './generated/mesos.ts';

export const AGENT_PATH = '/api/v1/agent-link';
export const STREAM_ID_HEADER = 'Mesos-Stream-Id';

/** A reservation or volume change that the agent keeps; `uuid` (36 characters) names it in feedback. */
export interface AgentOperation {
  uuid: string;
  framework_id?: FrameworkID;
  operation: OfferOperation;
}

export interface AgentTask {
  /** The task with its latest state and its statuses; those that nobody acknowledged yet come as updates, too. */
  task: Task;
}

export interface AgentExecutor {
  framework_id: FrameworkID;
  /** Executors of command tasks are not listed: they exist on paper only. */
  executor_info: ExecutorInfo;
}

export interface SubscribeAgent {
  /** Of the cluster that the agent belongs to; a master of another one refuses it. Without it any master will do. */
  cluster_id?: string;
  /** With an id when the agent registered before. */
  agent_info: AgentInfo;
  /** host:port of the agent's own HTTP server. */
  address: { hostname: string; ip: string; port: number };
  version: string;
  capabilities: AgentInfoCapability[];
  /** Dynamic reservations and persistent volumes, as checkpointed. */
  checkpointed_resources: Resource[];
  /** Revocable ones, beyond what it has (mesos.md 6.8). */
  oversubscribed_resources?: Resource[];
  tasks: AgentTask[];
  executors: AgentExecutor[];
  /** Of every framework that has tasks or executors here. */
  frameworks: FrameworkInfo[];
  /** Operations whose outcome the master has not acknowledged. */
  operations: AgentOperation[];
}

export type AgentCall =
  | { type: 'SUBSCRIBE'; subscribe: SubscribeAgent }
  | { type: 'PONG'; agent_id: AgentID }
  | { type: 'UNREGISTER'; agent_id: AgentID }
  | {
      type: 'UPDATE_AGENT';
      agent_id: AgentID;
      /** In the place of those that were told before. */
      update_agent: { oversubscribed_resources: Resource[] };
    }
  | {
      type: 'STATUS_UPDATE';
      agent_id: AgentID;
      /** The status carries uuid, source, timestamp; `latest_state` may be further ahead than this update. */
      status_update: { framework_id: FrameworkID; status: TaskStatus; latest_state: Task['state'] };
    }
  | {
      type: 'OPERATION_UPDATE';
      agent_id: AgentID;
      operation_update: { framework_id?: FrameworkID; uuid: string; status: OperationStatus };
    }
  | {
      type: 'EXECUTOR_EXITED';
      agent_id: AgentID;
      /** `status` as waitpid gives it: exit code times 256, or the signal's number. */
      executor_exited: { framework_id: FrameworkID; executor_id: ExecutorID; status: number };
    }
  | {
      type: 'EXECUTOR_MESSAGE';
      agent_id: AgentID;
      executor_message: { framework_id: FrameworkID; executor_id: ExecutorID /** Base64. */; data: string };
    };

export type AgentEvent =
  | {
      type: 'SUBSCRIBED';
      subscribed: {
        agent_id: AgentID;
        master_info: MasterInfo;
        /** Without a PING for this long the agent subscribes anew. */
        ping_timeout_seconds: number;
        /** Tasks that the master knows and this agent did not list: the agent reports them as dropped. */
        unknown_tasks: { framework_id: FrameworkID; task_id: TaskID }[];
        /** While the agent is to be drained; without it, a drain that it remembers is over. */
        drain_config?: DrainConfig;
      };
    }
  | { type: 'PING'; ping: { connected: boolean } }
  | {
      type: 'LAUNCH';
      /** One LAUNCH per task, or per task group: then all tasks start or none. Their resources carry allocation_info. */
      launch: {
        framework_info: FrameworkInfo;
        executor_info?: ExecutorInfo;
        tasks: TaskInfo[];
        is_group: boolean;
      };
    }
  | {
      type: 'KILL';
      kill: {
        framework_id: FrameworkID;
        task_id: TaskID;
        kill_policy?: KillPolicy;
        /** The master itself wants it, for a guarantee: what the statuses say of the reason. */
        preemption?: { message: string };
      };
    }
  | {
      type: 'ACKNOWLEDGE';
      /** Base64, as in the status. */
      acknowledge: { framework_id: FrameworkID; task_id: TaskID; uuid: string };
    }
  | {
      type: 'MESSAGE';
      message: { framework_id: FrameworkID; executor_id: ExecutorID /** Base64. */; data: string };
    }
  | { type: 'SHUTDOWN_EXECUTOR'; shutdown_executor: { framework_id: FrameworkID; executor_id: ExecutorID } }
  | { type: 'SHUTDOWN_FRAMEWORK'; shutdown_framework: { framework_id: FrameworkID } }
  | { type: 'UPDATE_FRAMEWORK'; update_framework: { framework_info: FrameworkInfo } }
  | { type: 'APPLY_OPERATION'; apply_operation: AgentOperation }
  | { type: 'ACKNOWLEDGE_OPERATION'; acknowledge_operation: { uuid: string } }
  | { type: 'DRAIN'; drain: { config: DrainConfig } }
  /**
   * The agent kills everything and exits. It forgets its id, as one that was marked gone must, unless it may come back: its
   * machine is down for maintenance.
   */
  | { type: 'SHUTDOWN'; shutdown: { message: string; keeps_id?: boolean } };
