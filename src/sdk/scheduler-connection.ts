import type { Codec } from '../mesos/codec/codec.ts';
import type { FrameworkInfo } from '../mesos/generated/mesos.ts';
import type { Call, Event } from '../mesos/generated/scheduler.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';

type WithoutFramework<T> = T extends unknown ? Omit<T, 'framework_id'> : never;

/** A call as a scheduler makes it; the connection fills in the framework's id. */
export type SchedulerCall = WithoutFramework<Exclude<Call, { type: 'SUBSCRIBE' }>>;

export interface SchedulerConnectionOptions {
  /** One or more masters, such as http://127.0.0.1:5050; redirects to the leader are followed. */
  masterUrls: readonly string[];
  /** With the id that a former life was given, so that the master knows it as a fail-over. */
  frameworkInfo: FrameworkInfo;
  suppressedRoles?: readonly string[];
  /** HTTP Basic, where the master demands it. */
  credential?: { principal: string; secret: string };
  /** The encoding of calls and events, JSON unless told otherwise; protobuf takes half the bytes. */
  codec?: Codec;
  /** Every event but HEARTBEAT, in order; the next one waits until the promise settles. */
  onEvent: (event: Event) => void | Promise<void>;
  /** The stream broke or went silent; the connection subscribes again by itself, with back-off. */
  onDisconnected?: (reason: string) => void;
  /** The master refuses this framework for good (an ERROR event, or removed): no further attempt is made. */
  onRefused: (message: string) => void;
  clock: Clock;
  random: Random;
  log: Log;
}

/** Whether a refusal says that the framework was torn down or stayed away for too long (mesos.md 1.7): its tasks are gone. */
export const isRemoval = (message: string): boolean => /has been removed/.test(message);

/** A framework's line to the master over the v1 scheduler HTTP API (mesos.md 1). */
export interface SchedulerConnection {
  readonly isConnected: boolean;
  /** Known from the options or from the first SUBSCRIBED event on. */
  readonly frameworkId: string | undefined;
  /** Sends a call. Rejects when there is no stream, or with the master's text when it refuses. */
  call(call: SchedulerCall): Promise<void>;
  /** Drops the line; the master keeps the framework for its failover_timeout. */
  close(): Promise<void>;
}
