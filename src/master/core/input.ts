import type { AgentCall, SubscribeAgent } from '../../mesos/agent-protocol.ts';
import type { Schedule } from '../../mesos/generated/maintenance.ts';
import type { DurationInfo, MachineID, OfferOperation } from '../../mesos/generated/mesos.ts';
import type { QuotaConfig } from '../../mesos/generated/quota.ts';
import type { Call, CallSubscribe } from '../../mesos/generated/scheduler.ts';
import type { TimerName } from './effect.ts';

/** Everything that can happen to a master. */
export type MasterInput =
  | { type: 'started' }
  /** `caller`: as whom the scheduler has logged in. */
  | { type: 'scheduler-subscribe'; streamId: string; subscribe: CallSubscribe; caller?: string | undefined }
  /** Of a framework whose stream was checked. */
  | { type: 'scheduler-call'; frameworkId: string; call: SchedulerCall }
  | { type: 'update-framework'; requestId: string; frameworkId: string; update: CallSubscribe }
  | { type: 'scheduler-closed'; streamId: string }
  | { type: 'agent-subscribe'; streamId: string; subscribe: SubscribeAgent }
  /** Of an agent whose stream was checked. */
  | { type: 'agent-call'; agentId: string; call: Exclude<AgentCall, { type: 'SUBSCRIBE' }> }
  | { type: 'agent-closed'; streamId: string }
  /** Only agents with these host names are offered from now on; undefined: all. */
  | { type: 'whitelist'; hostnames: ReadonlySet<string> | undefined }
  /** An operator wants something; the answer is an effect with the same `requestId`. */
  | { type: 'operator'; requestId: string; command: OperatorCommand }
  | { type: 'timer'; timer: TimerName };

/** Calls of a subscribed scheduler that are answered 202 whatever comes of them. */
export type SchedulerCall = Exclude<Call, { type: 'SUBSCRIBE' | 'UPDATE_FRAMEWORK' | 'UNKNOWN' }>;

/** What operators can change (mesos.md 3.3 to 3.7). */
export type OperatorCommand =
  | { type: 'teardown'; frameworkId: string }
  /**
   * RESERVE, UNRESERVE, CREATE, DESTROY, GROW_VOLUME or SHRINK_VOLUME on resources that nobody uses; offers that hold them
   * are rescinded. Resources may be in any of the formats of mesos.md 1.9.2. Accepted with 202.
   */
  | { type: 'apply-operation'; agentId: string; operation: OfferOperation; principal?: string }
  /** All or none of them. An empty config takes the role's quota away. */
  | { type: 'update-quotas'; configs: readonly QuotaConfig[]; isForced: boolean }
  | { type: 'update-weights'; weights: readonly { role: string; weight: number }[] }
  | { type: 'mark-agent-gone'; agentId: string }
  | { type: 'deactivate-agent'; agentId: string }
  | { type: 'reactivate-agent'; agentId: string }
  | { type: 'drain-agent'; agentId: string; maxGracePeriod?: DurationInfo; isMarkedGone: boolean }
  /** In the place of the schedule before. */
  | { type: 'update-schedule'; schedule: Schedule }
  | { type: 'start-maintenance'; machines: readonly MachineID[] }
  | { type: 'stop-maintenance'; machines: readonly MachineID[] };

/** What came of a command, once it is durable: accepted, or refused with an HTTP status and Mesos' text. */
export type OperatorOutcome =
  | { type: 'accepted' }
  | { type: 'refused'; status: 400 | 403 | 404 | 409 | 500; message: string };

/**
 * How APIs hand a command to the core. The state changes before this returns, so that what was read before the call in the
 * same tick still holds; the promise resolves when the change is durable.
 */
export type AskMaster = (command: OperatorCommand) => Promise<OperatorOutcome>;
