import { makeInverseOffers } from './inverse-offers.ts';
import { makeOffers } from './offers.ts';
import { preempt } from './preempt.ts';
import { MAX_RECOVERY_PAUSE_MS, RECOVERED_AGENTS_SHARE } from './settings.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/**
 * When the allocator runs (mesos.md 5.2): at an interval, and soon after every event that gives it something to do.
 * Events that come together are served by one run.
 */

/** Runs the allocator over everything that was asked for, and makes the offers. */
export const allocateQueued = (turn: Turn): void => {
  const { agentIds, requestedMs } = turn.queue;
  turn.do({ type: 'allocation-waited', durationMs: turn.nowMs - requestedMs });
  turn.queue.isScheduled = false;
  turn.queue.agentIds = new Set();
  allocate(turn, agentIds);
};

/** The run that comes by itself: over all agents. */
export const allocateAtInterval = (turn: Turn): void => {
  turn.setTimer('allocation-interval', turn.settings.allocationIntervalMs);
  if (turn.nowMs - turn.state.startedMs >= MAX_RECOVERY_PAUSE_MS) resumeAllocation(turn, true);
  if (turn.state.agents.size > 0 && turn.state.frameworks.size > 0) allocate(turn);
  preempt(turn);
};

const allocate = (turn: Turn, agentIds?: ReadonlySet<string>): void => {
  if (turn.queue.isPaused) return;
  turn.count('allocator/mesos/allocation_runs');
  makeOffers(turn, turn.allocator.allocate(turn.nowMs, agentIds));
  makeInverseOffers(turn, turn.allocator.allocateInversely(turn.nowMs, agentIds));
};

/** Ends the pause once enough of the agents from before the start are here again, or because it lasted long enough. */
export const resumeAllocation = (turn: Turn, isOverdue: boolean): void => {
  const { queue, state } = turn;
  if (!queue.isPaused) return;
  const backCount = queue.expectedAgents - state.recoveredAgents.size;
  if (!isOverdue && backCount < queue.expectedAgents * RECOVERED_AGENTS_SHARE) return;
  queue.isPaused = false;
  wantAllocation(turn);
};
