import type { AppDefinition, Timestamp } from '../definitions/app.ts';
import { ancestorsOf, isBelow, type PathId, parentOf, ROOT, type RunSpecId } from '../definitions/path-id.ts';
import type { PodDefinition } from '../definitions/pods/pod.ts';
import { isPod, type RunSpec } from '../definitions/run-spec.ts';

/** A group without its members; those are found by their ids. */
export interface Group {
  readonly id: PathId;
  /** Apps or groups that must be up before whatever is in this group. */
  readonly dependencies: readonly PathId[];
  /** Top-level groups only: whether what is below must have the role that the group is named after. */
  readonly enforceRole?: boolean;
  /** The version of the root group in which something in this group changed last. */
  readonly version: Timestamp;
}

/**
 * Everything that is to run (marathon.md 3.1). A value: each change makes a new one. Members are kept flat, by id, so
 * that a change copies maps rather than walking a tree; every group that encloses a member is in `groups`, the root too.
 */
export interface RootGroup {
  /** Of the last change. */
  readonly version: Timestamp;
  readonly groups: ReadonlyMap<PathId, Group>;
  readonly apps: ReadonlyMap<RunSpecId, AppDefinition>;
  /** No id is that of an app and of a pod. */
  readonly pods: ReadonlyMap<RunSpecId, PodDefinition>;
}

export const EPOCH: Timestamp = '1970-01-01T00:00:00.000Z';

export const emptyRootGroup = (version: Timestamp = EPOCH): RootGroup => ({
  version,
  groups: new Map([[ROOT, { id: ROOT, dependencies: [], version }]]),
  apps: new Map(),
  pods: new Map(),
});

/** The app or the pod that has an id. */
export const runSpecOf = ({ apps, pods }: RootGroup, id: RunSpecId): RunSpec | undefined =>
  apps.get(id) ?? pods.get(id);

/** All apps, then all pods. */
export function* runSpecsOf({ apps, pods }: RootGroup): Generator<RunSpec> {
  yield* apps.values();
  yield* pods.values();
}

/** A version after the root's, however the clock behaves: versions grow strictly. */
export const nextVersion = (root: RootGroup, nowMs: number): Timestamp =>
  new Date(Math.max(nowMs, Date.parse(root.version) + 1)).toISOString();

/** Adds an app or replaces it; groups that enclose it come into being. */
export const putApp = (root: RootGroup, app: AppDefinition): RootGroup => ({
  ...withGroupsAbove(root, app.id),
  apps: new Map(root.apps).set(app.id, app),
});

/** Adds or replaces many apps at the price of one copy. */
export const putApps = (root: RootGroup, apps: Iterable<AppDefinition>): RootGroup => {
  const merged = new Map(root.apps);
  let target = root;
  for (const app of apps) {
    merged.set(app.id, app);
    target = withGroupsAbove(target, app.id);
  }
  return { ...target, apps: merged };
};

/** Adds or replaces apps and pods. */
export const putRunSpecs = (root: RootGroup, specs: Iterable<RunSpec>): RootGroup => {
  const apps = new Map(root.apps);
  const pods = new Map(root.pods);
  let target = root;
  for (const spec of specs) {
    if (isPod(spec)) pods.set(spec.id, spec);
    else apps.set(spec.id, spec);
    target = withGroupsAbove(target, spec.id);
  }
  return { ...target, apps, pods };
};

/** Takes apps and pods away at the price of one copy; their groups stay. */
export const removeRunSpecs = (root: RootGroup, ids: ReadonlySet<RunSpecId>): RootGroup => ({
  ...root,
  apps: new Map([...root.apps].filter(([id]) => !ids.has(id))),
  pods: new Map([...root.pods].filter(([id]) => !ids.has(id))),
});

/** Takes an app away; its groups stay. */
export const removeApp = (root: RootGroup, id: RunSpecId): RootGroup => {
  const apps = new Map(root.apps);
  apps.delete(id);
  return { ...root, apps };
};

/** Adds a group or replaces what is said about it; its members stay. */
export const putGroup = (root: RootGroup, group: Group): RootGroup => {
  const above = withGroupsAbove(root, group.id);
  return { ...above, groups: new Map(above.groups).set(group.id, group) };
};

/** Takes a group away with all that is below it. Of the root, everything goes but the root itself. */
export const removeGroup = (root: RootGroup, id: PathId): RootGroup => {
  const stays = (member: PathId): boolean => !isBelow(member, id) && (member !== id || member === ROOT);
  const groups = new Map([...root.groups].filter(([group]) => stays(group)));
  if (id === ROOT) groups.set(ROOT, { id: ROOT, dependencies: [], version: root.version });
  return {
    ...root,
    groups,
    apps: new Map([...root.apps].filter(([app]) => stays(app))),
    pods: new Map([...root.pods].filter(([pod]) => stays(pod))),
  };
};

/** The apps and pods of a group, those of groups below it included. */
export const runSpecsBelow = (root: RootGroup, group: PathId): RunSpec[] =>
  [...runSpecsOf(root)].filter(({ id }) => isBelow(id, group));

/** The apps of a group, those of groups below it included. */
export const appsBelow = (root: RootGroup, group: PathId): AppDefinition[] =>
  group === ROOT ? [...root.apps.values()] : [...root.apps.values()].filter(({ id }) => isBelow(id, group));

/** The apps that a group itself holds. */
export const appsOf = (root: RootGroup, group: PathId): AppDefinition[] =>
  [...root.apps.values()].filter(({ id }) => parentOf(id) === group);

/** The groups that a group itself holds. */
export const groupsOf = (root: RootGroup, group: PathId): Group[] =>
  [...root.groups.values()].filter(({ id }) => id !== ROOT && parentOf(id) === group);

/** Everything an app or pod waits for: its own dependencies, which pods have none of, and those of the groups around it. */
export const dependenciesOf = (root: RootGroup, spec: RunSpec): PathId[] => [
  ...(isPod(spec) ? [] : spec.dependencies),
  ...ancestorsOf(spec.id).flatMap((group) => root.groups.get(group)?.dependencies ?? []),
];

const withGroupsAbove = (root: RootGroup, id: PathId): RootGroup => {
  const missing = ancestorsOf(id).filter((group) => !root.groups.has(group));
  if (missing.length === 0) return root;
  const groups = new Map(root.groups);
  for (const group of missing) groups.set(group, { id: group, dependencies: [], version: root.version });
  return { ...root, groups };
};
