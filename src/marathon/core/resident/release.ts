import { releaseKey } from '../keys.ts';
import type { Turn } from '../turn.ts';

/** What is still reserved for an instance that is no more; durable, for what is not released is lost to the cluster. */
export interface Release {
  readonly instanceId: string;
  readonly frameworkId: string;
  readonly role: string;
  readonly sinceMs: number;
  /** Volumes that have not been destroyed; undefined where an earlier version kept no list. */
  readonly volumeIds?: readonly string[];
  /** Set once all but its volumes is given up: an offer may show one without the other. */
  readonly hasVolumesOnly?: boolean;
}

/** What an offer showed of it, and is released. */
export interface ReleasedPart {
  readonly volumeIds: readonly string[];
  /** There was something else than volumes. */
  readonly hasRest: boolean;
}

/** Offers are asked for so long; what an agent shows later, because it was away, is released all the same. */
const LONGEST_WANT_MS = 24 * 3_600_000;
const MOST_KEPT = 100_000;

/** An instance is forgotten: the next offer that shows what is reserved for it is answered by releasing it. */
export const oweRelease = (
  turn: Turn,
  owed: Pick<Release, 'instanceId' | 'frameworkId' | 'role'> & { readonly volumeIds: readonly string[] },
): void => {
  const { releases, master } = turn.state;
  for (const oldest of releases.keys()) {
    if (releases.size < MOST_KEPT) break;
    forgetRelease(turn, oldest);
  }
  const known = releases.get(owed.instanceId)?.volumeIds ?? [];
  putRelease(turn, {
    ...owed,
    volumeIds: [...new Set([...known, ...owed.volumeIds])],
    sinceMs: turn.nowMs,
  });
  master.rolesToRevive.add(owed.role);
  turn.isDemandChanged = true;
};

/** Part of what was reserved is released. Offers go on being asked for until all of it is. */
export const settleRelease = (turn: Turn, instanceId: string, { volumeIds, hasRest }: ReleasedPart): void => {
  const release = turn.state.releases.get(instanceId);
  if (release === undefined) return;
  const left = (release.volumeIds ?? []).filter((id) => !volumeIds.includes(id));
  const hasVolumesOnly = release.hasVolumesOnly === true || release.volumeIds === undefined || hasRest;
  if (left.length === 0 && hasVolumesOnly) forgetRelease(turn, instanceId);
  else putRelease(turn, { ...release, volumeIds: left, hasVolumesOnly });
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
