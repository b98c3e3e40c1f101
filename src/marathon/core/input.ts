import type { Event } from '../../mesos/generated/scheduler.ts';
import type { SchedulerCall } from '../../sdk/scheduler-connection.ts';
import type { RootUpdate } from '../engine.ts';
import type { ProbePurpose, ProbeResult, TimerName } from './effect.ts';
import type { Continuation } from './rollout/continue-deployment.ts';

/** What happens to the engine. Requests are answered with an effect that bears their id. */
export type MarathonInput =
  /** The first one: goes on with what the store holds. */
  | { type: 'started' }
  | { type: 'master-event'; event: Event }
  | { type: 'disconnected' }
  /** The master has ended the framework and all its tasks; what follows is a new one. */
  | { type: 'framework-removed' }
  /** A call did not get through, or was refused. */
  | { type: 'call-failed'; call: SchedulerCall }
  | { type: 'probe-result'; purpose: ProbePurpose; result: ProbeResult }
  | { type: 'timer'; timer: TimerName }
  | { type: 'update-root'; requestId: number; update: RootUpdate }
  | { type: 'kill-instances'; requestId: number; instanceIds: readonly string[]; wipe: boolean }
  | ({ type: 'cancel-deployment'; requestId: number; id: string; force: boolean } & Pick<
      RootUpdate,
      'deadline'
    >)
  | ({ type: 'continue-deployment'; requestId: number } & Continuation)
  | { type: 'reset-delay'; requestId: number; appId: string };
