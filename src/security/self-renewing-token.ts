import type { Clock } from '../runtime/clock.ts';
import type { Authority } from './authority.ts';

const LIFE_MS = 3_600_000;

/** A token for the control plane's own calls, made anew when half of its life is over. */
export const selfRenewingToken = (authority: Authority, clock: Clock): (() => string) => {
  let token = '';
  let renewAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = clock.now();
    if (nowMs >= renewAtMs) {
      token = authority.tokenFor({ sub: 'control-plane', role: 'control-plane', nowMs, lifeMs: LIFE_MS });
      renewAtMs = nowMs + LIFE_MS / 2;
    }
    return token;
  };
};
