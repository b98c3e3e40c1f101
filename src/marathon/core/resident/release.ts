import { releaseKey } from '../keys.ts';
import type { Turn } from '../turn.ts';

/** What is still reserved for an instance that is no more; durable, for what is not released is lost to the cluster. */
export interface Release {
  readonly instanceId: string;
  readonly frameworkId: string;
  readonly role: string;
  readonly sinceMs: number;
}

/** Offers are asked for so long; what an agent shows later, because it was away, is released all the same. */
const LONGEST_WANT_MS = 24 * 3_600_000;
const MOST_KEPT = 100_000;

/** An instance is forgotten: the next offer that shows what is reserved for it is answered by releasing it. */
export const oweRelease = (
  turn: Turn,
  { instanceId, frameworkId, role }: Pick<Release, 'instanceId' | 'frameworkId' | 'role'>,
): void => {
  const { releases, master } = turn.state;
  for (const oldest of releases.keys()) {
    if (releases.size < MOST_KEPT) break;
    forgetRelease(turn, oldest);
  }
  const release: Release = { instanceId, frameworkId, role, sinceMs: turn.nowMs };
  releases.set(instanceId, release);
  turn.save(releaseKey(instanceId), release);
  master.rolesToRevive.add(role);
  turn.isDemandChanged = true;
};

export const forgetRelease = (turn: Turn, instanceId: string): void => {
  if (!turn.state.releases.delete(instanceId)) return;
  turn.save(releaseKey(instanceId), undefined);
  turn.isDemandChanged = true;
};

/** Roles whose offers may show what has to be released. */
export const rolesToRelease = ({ state, nowMs }: Turn): Set<string> => {
  const roles = new Set<string>();
  for (const { role, sinceMs } of state.releases.values()) {
    if (nowMs - sinceMs < LONGEST_WANT_MS) roles.add(role);
  }
  return roles;
};
