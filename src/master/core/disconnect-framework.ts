import { withdrawOffers } from './frameworks.ts';
import { removeFramework } from './remove-framework.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/** A scheduler's stream is closed: it has its failover timeout to come back (mesos.md 1.7). */
export const schedulerClosed = (turn: Turn, streamId: string): void => {
  const framework = [...turn.state.frameworks.values()].find((other) => other.streamId === streamId);
  // The stream of a scheduler that failed over or was torn down is nobody's any more.
  if (!framework) return;
  framework.streamId = undefined;
  framework.connection = 'disconnected';
  framework.disconnectedMs = turn.nowMs;
  turn.allocator.deactivateFramework(framework.id);
  withdrawOffers(turn, framework);
  wantAllocation(turn);
  const timeoutMs = (framework.info.failover_timeout ?? 0) * 1000;
  turn.log('framework disconnected', { frameworkId: framework.id, failoverTimeoutMs: timeoutMs });
  if (timeoutMs <= 0) removeFramework(turn, framework);
  else turn.setTimer(`failover:${framework.id}`, timeoutMs);
};

/** The failover timeout is over. The timer is cancelled when the framework comes back. */
export const failoverTimedOut = (turn: Turn, frameworkId: string): void => {
  const framework = turn.state.frameworks.get(frameworkId);
  if (framework?.connection !== 'disconnected') return;
  const leftMs = longTimeoutLeft(turn, framework.disconnectedMs, framework.info.failover_timeout);
  if (leftMs > 0) turn.setTimer(`failover:${frameworkId}`, leftMs);
  else removeFramework(turn, framework);
};

/** Timers may fire early: the longest that there are is shorter than the longest timeout. */
const longTimeoutLeft = (turn: Turn, sinceMs = turn.nowMs, timeoutSeconds = 0): number =>
  sinceMs + timeoutSeconds * 1000 - turn.nowMs;
