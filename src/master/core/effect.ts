import type { AgentEvent } from '../../mesos/agent-protocol.ts';
import type { FrameworkInfo, Task, TaskState, TaskStatus } from '../../mesos/generated/mesos.ts';
import type { Event } from '../../mesos/generated/scheduler.ts';
import type { TimerEffect } from '../../store/turn-runner.ts';
import type { OperatorOutcome } from './input.ts';
import type { Agent, Framework } from './state.ts';

/** What a turn wants done once its changes are durable, in this order. */
export type MasterEffect =
  | { type: 'send-scheduler'; streamId: string; event: Event }
  | { type: 'close-scheduler'; streamId: string }
  | { type: 'send-agent'; streamId: string; event: AgentEvent }
  | { type: 'close-agent'; streamId: string }
  | { type: 'answer'; requestId: string; outcome: OperatorOutcome }
  /** For whoever watches the cluster: the operator API's event stream. */
  | { type: 'observe'; observation: Observation }
  /** For the log; `fields` name ids. */
  | { type: 'log'; level: 'info' | 'warn'; message: string; fields: Readonly<Record<string, unknown>> }
  /** An allocation that an event asked for waited so long for its run. */
  | { type: 'allocation-waited'; durationMs: number }
  /** The master cannot go on; whoever runs it must not either. */
  | { type: 'end'; message: string }
  | TimerEffect<TimerName>;

/** A change that watchers hear of (mesos.md 3.2). Agents and frameworks are live: render them at once. */
export type Observation =
  | { type: 'task-added'; task: Task }
  /** `state` is the latest known one, `status` may be behind it. */
  | { type: 'task-updated'; frameworkId: string; status: TaskStatus; state: TaskState }
  | { type: 'agent-added'; agent: Agent }
  | { type: 'agent-removed'; agentId: string }
  | { type: 'framework-added'; framework: Framework }
  | { type: 'framework-updated'; framework: Framework }
  | { type: 'framework-removed'; info: FrameworkInfo }
  /** Tasks, or an offer, are taken from a framework on an agent for the guarantee of a role. */
  | {
      type: 'preempted';
      role: string;
      message: string;
      agentId: string;
      frameworkId: string;
      taskIds: readonly string[];
      offerId?: string;
    };

/** What a timer is for, with the id of the framework, agent or offer. */
export type TimerName =
  /** An allocation that an event asked for. */
  | 'allocate'
  /** The one that comes by itself. */
  | 'allocation-interval'
  | 'recovery'
  /** The next agent may be given up. */
  | 'agent-removal'
  | 'registry-collection'
  | `${'failover' | 'ping' | 'reregister' | 'offer'}:${string}`;
