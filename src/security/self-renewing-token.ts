import type { Clock } from '../runtime/clock.ts';
import type { Authority } from './authority.ts';
import type { Claims } from './token.ts';

const LIFE_MS = 3_600_000;
const MOST_CALLERS = 1_000;

/** A token for calls in somebody's name, made anew when half of its life is over. */
const selfRenewing = (
  authority: Authority,
  clock: Clock,
  who: Pick<Claims, 'sub' | 'role'>,
): (() => string) => {
  let token = '';
  let renewAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = clock.now();
    if (nowMs >= renewAtMs) {
      token = authority.tokenFor({ ...who, nowMs, lifeMs: LIFE_MS });
      renewAtMs = nowMs + LIFE_MS / 2;
    }
    return token;
  };
};

/** For the control plane's own calls. */
export const selfRenewingToken = (authority: Authority, clock: Clock): (() => string) =>
  selfRenewing(authority, clock, { sub: 'control-plane', role: 'control-plane' });

/** For calls in the name of those who call the control plane: what they have logged in with stays there. */
export const callerTokens = (authority: Authority, clock: Clock): ((sub: string) => string) => {
  const tokens = new Map<string, () => string>();
  return (sub) => {
    const known = tokens.get(sub) ?? selfRenewing(authority, clock, { sub, role: 'operator' });
    if (tokens.size >= MOST_CALLERS) tokens.clear();
    tokens.set(sub, known);
    return known();
  };
};
