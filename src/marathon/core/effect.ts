import type { SchedulerCall } from '../../sdk/scheduler-connection.ts';
import type { TimerEffect } from '../../store/turn-runner.ts';
import type { UntimedEvent } from './event.ts';

/** Names of timers. `health:<check>:<instance>` runs one check of one instance, `readiness:<instance>` polls one. */
export type TimerName =
  | 'deadlines'
  | 'delay'
  | 'kills'
  | 'launches'
  | 'pauses'
  | 'reconcile'
  | 'reconcile-again'
  | 'recover'
  | 'reservations'
  | 'revive'
  | 'revive-again'
  | 'unreachable'
  | `health:${string}`
  | `readiness:${string}`;

/** What a probe looks at. */
export type ProbeTarget =
  | { readonly type: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly type: 'http';
      readonly url: string;
      /** The body of the answer is wanted, its first kibibytes. */
      readonly keepsBody: boolean;
    };

export interface Probe {
  readonly target: ProbeTarget;
  readonly timeoutMs: number;
  /** Comes back with the result. */
  readonly purpose: ProbePurpose;
}

export type ProbePurpose = { readonly taskId: string; readonly instanceId: string } & (
  | { readonly type: 'health'; readonly checkIndex: number }
  | { readonly type: 'readiness' }
);

export type ProbeResult =
  | { readonly type: 'http'; readonly status: number; readonly contentType: string; readonly body: string }
  | { readonly type: 'connected' }
  | { readonly type: 'failed'; readonly message: string };

/** What an API call is answered with, once what it changed is durable. */
export type Answer =
  | { readonly type: 'done'; readonly value: unknown }
  | { readonly type: 'refused'; readonly error: unknown };

/** What the engine wants done. */
export type MarathonEffect =
  | { type: 'call'; call: SchedulerCall }
  | { type: 'publish'; event: UntimedEvent; atMs: number }
  | { type: 'answer'; requestId: number; answer: Answer }
  | { type: 'probe'; probe: Probe }
  | TimerEffect<TimerName>;
