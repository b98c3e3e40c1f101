import { isDeepStrictEqual } from 'node:util';
import type { Timestamp } from '../definitions/app.ts';
import { ancestorsOf, type PathId } from '../definitions/path-id.ts';
import { isPod, type RunSpec } from '../definitions/run-spec.ts';
import type { RootGroup } from './root-group.ts';

export interface StampOptions {
  readonly keepsOnLabels?: boolean;
}

/**
 * Gives a changed root group its version (marathon.md 3.2): an app or pod that is new or configured otherwise gets the version
 * and a new lastConfigChangeAt, one that only has another number of instances keeps lastConfigChangeAt, and an equal one
 * keeps everything. An app that was told to restart (`markForRestart`) bears the version already. Groups that hold a
 * change get the version too. With `keepsOnLabels` an app of which only labels (and instances) differ keeps lastConfigChangeAt
 * as well, so that nothing is restarted. The engine calls it on what an update's change returned.
 */
export const stampVersions = (
  before: RootGroup,
  after: RootGroup,
  version: Timestamp,
  { keepsOnLabels = false }: StampOptions = {},
): RootGroup => {
  const touched = new Set<PathId>();
  const touch = (id: PathId): void => {
    for (const group of ancestorsOf(id)) touched.add(group);
  };
  const stampAll = <Spec extends RunSpec>(
    earlier: ReadonlyMap<PathId, Spec>,
    later: ReadonlyMap<PathId, Spec>,
  ): Map<PathId, Spec> => {
    const stamped = new Map<PathId, Spec>();
    for (const [id, spec] of later) {
      const one = stamp(earlier.get(id), spec, { version, keepsOnLabels });
      if (one !== earlier.get(id)) touch(id);
      stamped.set(id, one);
    }
    for (const id of earlier.keys()) if (!later.has(id)) touch(id);
    return stamped;
  };
  const apps = stampAll(before.apps, after.apps);
  const pods = stampAll(before.pods, after.pods);
  for (const [id, group] of after.groups) {
    if (!isDeepStrictEqual(group, before.groups.get(id))) touch(`${id}/-`);
  }
  for (const id of before.groups.keys()) if (!after.groups.has(id)) touch(id);
  const groups = new Map(
    [...after.groups].map(([id, group]) => [id, touched.has(id) ? { ...group, version } : group]),
  );
  return { version, groups, apps, pods };
};

interface Stamp extends Required<StampOptions> {
  readonly version: Timestamp;
}

const stamp = <Spec extends RunSpec>(
  before: Spec | undefined,
  after: Spec,
  { version, keepsOnLabels }: Stamp,
): Spec => {
  if (before === after) return before;
  if (before === undefined || after.versionInfo.lastConfigChangeAt === version) {
    return {
      ...after,
      version,
      versionInfo: {
        lastScalingAt: before?.versionInfo.lastScalingAt ?? version,
        lastConfigChangeAt: version,
      },
    };
  }
  const isSame = isSameConfiguration(before, keepsOnLabels ? { ...after, labels: before.labels } : after);
  if (isSame) {
    if (isDeepStrictEqual(withoutVersions(before), withoutVersions(after))) return before;
    return {
      ...after,
      version,
      versionInfo: { lastScalingAt: version, lastConfigChangeAt: before.versionInfo.lastConfigChangeAt },
    };
  }
  return { ...after, version, versionInfo: { lastScalingAt: version, lastConfigChangeAt: version } };
};

/** Whether two definitions differ in nothing that instances have to be replaced for (marathon.md 3.2). */
export const isSameConfiguration = (one: RunSpec, other: RunSpec): boolean =>
  isDeepStrictEqual(configuration(one), configuration(other));

const withoutVersions = ({ version, versionInfo, ...rest }: RunSpec): object => rest;

/** Of pods also what only decides which instances go leaves them as they are. */
const configuration = (spec: RunSpec): object => {
  const { instances, version, versionInfo, ...rest } = spec;
  if (!isPod(spec)) return rest;
  const { killSelection, unreachableStrategy, ...ofPod } = rest;
  return ofPod;
};

/** The app or pod with a mark that has its instances replaced although nothing in it changes. */
export const markForRestart = <Spec extends RunSpec>(spec: Spec, version: Timestamp): Spec => ({
  ...spec,
  versionInfo: { ...spec.versionInfo, lastConfigChangeAt: version },
});
