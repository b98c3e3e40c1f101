import type { Deployment } from '../state.ts';
import type { Turn } from '../turn.ts';

/** Has those looked at whose pause is over, and sees to it that the others are, in time. */
export const watchPauses = (turn: Turn): void => {
  let nextMs = Number.POSITIVE_INFINITY;
  for (const { rollouts = {} } of turn.state.deployments.values()) {
    for (const [specId, { pause }] of Object.entries(rollouts)) {
      if (pause?.untilMs === undefined) continue;
      if (pause.untilMs <= turn.nowMs) turn.touched.add(specId);
      else nextMs = Math.min(nextMs, pause.untilMs);
    }
  }
  if (nextMs !== Number.POSITIVE_INFINITY) turn.setTimer('pauses', nextMs - turn.nowMs);
};

/** When a deployment's deadline begins to count: after its pauses, and never while it waits for somebody. */
export const pausedUntilMs = ({ rollouts = {} }: Deployment): number =>
  Math.max(
    0,
    ...Object.values(rollouts).map(({ pause }) =>
      pause === undefined ? 0 : (pause.untilMs ?? Number.POSITIVE_INFINITY),
    ),
  );
