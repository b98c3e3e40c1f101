import { isBelow, type PathId, ROOT } from '../definitions/path-id.ts';
import type { RootGroup } from './root-group.ts';

/** Puts a group, with all that was below it, as it was in another root group; nothing outside it changes. */
export const restoreGroup = (root: RootGroup, from: RootGroup, id: PathId): RootGroup => {
  const isInside = (member: PathId): boolean => id === ROOT || member === id || isBelow(member, id);
  const restored = <Member>(
    now: ReadonlyMap<PathId, Member>,
    then: ReadonlyMap<PathId, Member>,
  ): Map<PathId, Member> =>
    new Map([
      ...[...now].filter(([member]) => !isInside(member)),
      ...[...then].filter(([member]) => isInside(member)),
    ]);
  return {
    ...root,
    groups: restored(root.groups, from.groups),
    apps: restored(root.apps, from.apps),
    pods: restored(root.pods, from.pods),
  };
};
