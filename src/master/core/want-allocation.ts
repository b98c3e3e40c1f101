import type { Turn } from './turn.ts';

/** Long enough for what comes together, too short to be noticed. */
const COALESCING_MS = 2;

/** Has resources allocated soon: of these agents, or of all. */
export const wantAllocation = (turn: Turn, agentIds?: Iterable<string>): void => {
  const { queue } = turn;
  if (agentIds === undefined) queue.agentIds = undefined;
  else for (const id of agentIds) queue.agentIds?.add(id);
  if (queue.isScheduled) return;
  queue.isScheduled = true;
  queue.requestedMs = turn.nowMs;
  turn.setTimer('allocate', COALESCING_MS);
};
