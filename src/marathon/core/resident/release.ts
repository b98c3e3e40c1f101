import { releaseKey } from '../keys.ts';
import type { Turn } from '../turn.ts';
import { type Amounts, isNothing, minus, plus } from './amounts.ts';

/** What is still reserved for an instance that is no more; durable, for what is not released is lost to the cluster. */
export interface Release {
  readonly instanceId: string;
  readonly frameworkId: string;
  readonly role: string;
  readonly sinceMs: number;
  /**
   * Offers show it in parts: the containers of a pod and its executor end one after another. Undefined where an earlier
   * version kept no account; then the first part has to do.
   */
  readonly amounts?: Amounts;
}

/** Offers are asked for so long; what an agent shows later, because it was away, is released all the same. */
const LONGEST_WANT_MS = 24 * 3_600_000;
const MOST_KEPT = 100_000;

/** An instance is forgotten: the next offer that shows what is reserved for it is answered by releasing it. */
export const oweRelease = (
  turn: Turn,
  owed: Pick<Release, 'instanceId' | 'frameworkId' | 'role' | 'amounts'>,
): void => {
  const { releases, master } = turn.state;
  for (const oldest of releases.keys()) {
    if (releases.size < MOST_KEPT) break;
    forgetRelease(turn, oldest);
  }
  putRelease(turn, { ...owed, sinceMs: turn.nowMs });
  master.rolesToRevive.add(owed.role);
  turn.isDemandChanged = true;
};

/** A part that was taken for released may still be there. */
export const oweMore = (
  turn: Turn,
  owed: Pick<Release, 'instanceId' | 'frameworkId' | 'role'> & { readonly amounts: Amounts },
): void => {
  const known = turn.state.releases.get(owed.instanceId);
  oweRelease(turn, { ...owed, amounts: plus(known?.amounts ?? {}, owed.amounts) });
};

/** Part of what was reserved is released. Offers go on being asked for until all of it is. */
export const settleRelease = (turn: Turn, instanceId: string, part: Amounts): void => {
  const release = turn.state.releases.get(instanceId);
  if (release === undefined) return;
  const amounts = minus(release.amounts ?? {}, part);
  if (isNothing(amounts)) forgetRelease(turn, instanceId);
  else putRelease(turn, { ...release, amounts });
};

const putRelease = (turn: Turn, release: Release): void => {
  turn.state.releases.set(release.instanceId, release);
  turn.save(releaseKey(release.instanceId), release);
};

const forgetRelease = (turn: Turn, instanceId: string): void => {
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
