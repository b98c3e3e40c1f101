import type { TimerEffect } from '../../store/turn-runner.ts';
import type { LineInput } from '../line-input.ts';
import type { SchedulerCall } from '../scheduler-connection.ts';
import type { InstanceRecord } from './state.ts';

/**
 * Timers of a service: a task may be started again, tasks are asked about again, what it wants of offers is said again, a
 * probe is due, a kill is repeated.
 */
export type ServiceTimer = 'retry' | 'reconcile' | 'interest' | `probe ${string}` | `kill ${string}`;

/** What happens to a service. */
export type ServiceInput =
  | LineInput
  | { type: 'disconnected' }
  /** A call did not reach the master, or was refused. */
  | { type: 'call-failed'; call: SchedulerCall }
  | { type: 'probed'; task: string; taskId: string; isPassed: boolean }
  | { type: 'timer'; timer: ServiceTimer }
  /** A former life has left this in the cluster (discover.ts). */
  | { type: 'discovered'; instances: ReadonlyMap<string, InstanceRecord> }
  /** Somebody asks: end the tasks of an instance, which then start again in their place, or in another one without their data. */
  | { type: 'restart'; instance: string }
  | { type: 'replace'; instance: string };

/** Looks once whether a task is ready; answered by the input `probed`. */
export interface ProbeEffect {
  type: 'probe';
  task: string;
  taskId: string;
  host: string;
  port: number;
  /** Undefined: a connection is enough. */
  http: { path: string; body: string | undefined } | undefined;
  timeoutMs: number;
}

/** What a service wants done. */
export type ServiceEffect =
  | { type: 'call'; call: SchedulerCall }
  /** A place is known by its task alone: what it is like is to be read in the cluster; answered by `discovered`. */
  | { type: 'discover' }
  | ProbeEffect;

export type ServiceCoreEffect = ServiceEffect | TimerEffect<ServiceTimer>;
