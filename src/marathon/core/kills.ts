import type { Kill } from './state.ts';
import type { Turn } from './turn.ts';

/** Has a task ended: the master is asked, again and again, until the task has ended (marathon.md 3.15). */
export const wantKill = (turn: Turn, kill: Pick<Kill, 'taskId' | 'agentId'>): void => {
  if (turn.state.kills.has(kill.taskId)) return;
  turn.state.kills.set(kill.taskId, { ...kill });
  turn.areKillsChanged = true;
};

export const forgetKill = (turn: Turn, taskId: string): void => {
  if (turn.state.kills.delete(taskId)) turn.areKillsChanged = true;
};

/** The master says that a task still runs: should it have lost the kill (as when its agent was away), it is told again. */
export const repeatKill = (turn: Turn, taskId: string): void => {
  const kill = turn.state.kills.get(taskId);
  if (kill?.retryAtMs === undefined) return;
  delete kill.retryAtMs;
  turn.areKillsChanged = true;
};

/**
 * Sends the kills whose turn it is, only so many at a time. A call that goes out while there is no line is not lost: it
 * is in flight, and is made again when the line is there.
 */
export const sendKills = (turn: Turn): void => {
  const { state, settings, nowMs } = turn;
  if (!state.master.isConnected) return;
  let inFlight = 0;
  let nextMs = Number.POSITIVE_INFINITY;
  for (const kill of state.kills.values()) {
    if (inFlight === settings.maxKillsInFlight) break;
    inFlight++;
    if (kill.retryAtMs === undefined || kill.retryAtMs <= nowMs) {
      kill.retryAtMs = nowMs + settings.killRetryMs;
      turn.call({
        type: 'KILL',
        kill: {
          task_id: { value: kill.taskId },
          ...(kill.agentId === undefined ? {} : { agent_id: { value: kill.agentId } }),
        },
      });
    }
    nextMs = Math.min(nextMs, kill.retryAtMs);
  }
  if (nextMs < Number.POSITIVE_INFINITY) turn.setTimer('kills', nextMs - nowMs);
  else turn.cancelTimer('kills');
};

/** All kills are due again: the line is new, or a call failed. */
export const restartKills = (turn: Turn): void => {
  for (const kill of turn.state.kills.values()) delete kill.retryAtMs;
  turn.areKillsChanged = true;
};
