import { isDeepStrictEqual } from 'node:util';
import type { AppDefinition, Timestamp } from '../definitions/app.ts';
import { ancestorsOf, type PathId } from '../definitions/path-id.ts';
import type { RootGroup } from './root-group.ts';

/**
 * Gives a changed root group its version (marathon.md 3.2): an app that is new or configured otherwise gets the version
 * and a new lastConfigChangeAt, one that only has another number of instances keeps lastConfigChangeAt, and an equal one
 * keeps everything. An app that was told to restart (`markForRestart`) bears the version already. Groups that hold a
 * change get the version too. The engine calls it on what an update's change returned.
 */
export const stampVersions = (before: RootGroup, after: RootGroup, version: Timestamp): RootGroup => {
  const apps = new Map<PathId, AppDefinition>();
  const touched = new Set<PathId>();
  const touch = (id: PathId): void => {
    for (const group of ancestorsOf(id)) touched.add(group);
  };
  for (const [id, app] of after.apps) {
    const stamped = stampApp(before.apps.get(id), app, version);
    if (stamped !== before.apps.get(id)) touch(id);
    apps.set(id, stamped);
  }
  for (const id of before.apps.keys()) if (!after.apps.has(id)) touch(id);
  for (const [id, group] of after.groups) {
    if (!isDeepStrictEqual(group, before.groups.get(id))) touch(`${id}/-`);
  }
  for (const id of before.groups.keys()) if (!after.groups.has(id)) touch(id);
  const groups = new Map(
    [...after.groups].map(([id, group]) => [id, touched.has(id) ? { ...group, version } : group]),
  );
  return { version, groups, apps };
};

const stampApp = (
  before: AppDefinition | undefined,
  after: AppDefinition,
  version: Timestamp,
): AppDefinition => {
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
  if (isSameConfiguration(before, after)) {
    if (before.instances === after.instances) return before;
    return {
      ...after,
      version,
      versionInfo: { lastScalingAt: version, lastConfigChangeAt: before.versionInfo.lastConfigChangeAt },
    };
  }
  return { ...after, version, versionInfo: { lastScalingAt: version, lastConfigChangeAt: version } };
};

/** Whether two definitions differ in nothing but the number of instances (and their versions): then nothing restarts. */
export const isSameConfiguration = (one: AppDefinition, other: AppDefinition): boolean =>
  isDeepStrictEqual(configuration(one), configuration(other));

const configuration = ({ instances, version, versionInfo, ...rest }: AppDefinition): object => rest;

/** The app with a mark that has its instances replaced although nothing in it changes. */
export const markForRestart = (app: AppDefinition, version: Timestamp): AppDefinition => ({
  ...app,
  versionInfo: { ...app.versionInfo, lastConfigChangeAt: version },
});
