import { isBelow, type PathId, parentOf, ROOT, resolvePath } from '../definitions/path-id.ts';
import { pathViolations } from '../definitions/rules/id-rules.ts';
import { MAX_INSTANCES } from '../definitions/rules/strategy-rules.ts';
import { refuseInvalid, type Violation } from '../definitions/violation.ts';
import { type AppToPlace, type Placement, placeApps } from './place-apps.ts';
import type { GroupInput } from './read-group.ts';
import {
  appsBelow,
  appsOf,
  groupsOf,
  putApps,
  putGroup,
  type RootGroup,
  removeApp,
  removeGroup,
} from './root-group.ts';

/**
 * Makes a group what an input says (marathon.md 1.8): lists of apps and groups that are given take the place of the
 * present ones, at every depth; what is not given stays. Throws InvalidDocument.
 */
export const applyGroup = (
  root: RootGroup,
  id: PathId,
  input: GroupInput,
  placement: Omit<Placement, 'before'>,
): RootGroup => {
  const draft: Draft = { root, before: root, apps: [], violations: [] };
  visitGroup(draft, { id, input, path: '' });
  draft.violations.push(...enforceRoleViolations(root, id, input));
  refuseInvalid(draft.violations);
  return placeApps(draft.root, draft.apps, { ...placement, before: root });
};

/**
 * Multiplies the instances of all apps below a group, rounding up. A group that is not there yet is made. Throws
 * InvalidDocument when that would be too many.
 */
export const scaleGroup = (root: RootGroup, id: PathId, factor: number): RootGroup => {
  const present = root.groups.has(id)
    ? root
    : putGroup(root, { id, dependencies: [], version: root.version });
  const scaled = appsBelow(present, id).map((app) => ({
    ...app,
    instances: Math.ceil(app.instances * factor),
  }));
  const tooMany = scaled.filter(({ instances }) => instances > MAX_INSTANCES);
  refuseInvalid(
    tooMany.map((app) => ({
      path: '/scaleBy',
      message: `got ${app.instances} instances of ${app.id}, expected ${MAX_INSTANCES} or less`,
    })),
  );
  return putApps(present, scaled);
};

interface Draft {
  root: RootGroup;
  readonly before: RootGroup;
  readonly apps: AppToPlace[];
  readonly violations: Violation[];
}

interface Visit {
  readonly id: PathId;
  readonly input: GroupInput;
  /** Where the group is in the body. */
  readonly path: string;
}

const visitGroup = (draft: Draft, { id, input, path }: Visit): void => {
  const { before, violations } = draft;
  violations.push(...pathViolations(`${path}/id`, id));
  const known = before.groups.get(id);
  const enforceRole = input.enforceRole ?? known?.enforceRole;
  draft.root = putGroup(draft.root, {
    id,
    dependencies:
      input.dependencies?.map((dependency) => resolvePath(dependency, id)) ?? known?.dependencies ?? [],
    version: known?.version ?? before.version,
    ...(enforceRole !== undefined && { enforceRole }),
  });
  if (input.enforceRole !== undefined && (id === ROOT || parentOf(id) !== ROOT)) {
    const message = `enforceRole can only be set for top-level groups, and ${id} is not top-level`;
    violations.push({ path: `${path}/enforceRole`, message });
  }
  if (input.apps) visitApps(draft, { id, input, path });
  if (input.groups) visitGroups(draft, { id, input, path });
};

const visitApps = (draft: Draft, { id, input: { apps = [] }, path }: Visit): void => {
  const ids = apps.map((app) => resolvePath(app.id, id));
  for (const app of appsOf(draft.before, id)) {
    if (!ids.includes(app.id)) draft.root = removeApp(draft.root, app.id);
  }
  for (const [index, app] of apps.entries()) {
    const place = `${path}/apps(${index})`;
    draft.violations.push(...childViolations(ids, index, { id, path: place }));
    draft.apps.push({ input: app, base: id, path: place });
  }
};

const visitGroups = (draft: Draft, { id, input: { groups = [] }, path }: Visit): void => {
  const ids = groups.map((group) => resolvePath(group.id ?? '', id));
  for (const group of groupsOf(draft.before, id)) {
    if (!ids.some((kept) => kept === group.id || isBelow(kept, group.id))) {
      draft.root = removeGroup(draft.root, group.id);
    }
  }
  for (const [index, group] of groups.entries()) {
    const place = `${path}/groups(${index})`;
    draft.violations.push(...childViolations(ids, index, { id, path: place }));
    visitGroup(draft, { id: ids[index] ?? id, input: group, path: place });
  }
};

const childViolations = (
  ids: readonly PathId[],
  index: number,
  { id, path }: { id: PathId; path: string },
): Violation[] => {
  const child = ids[index] ?? id;
  if (!isBelow(child, id)) return [{ path: `${path}/id`, message: `Identifier is not child of '${id}'` }];
  if (ids.indexOf(child) === index) return [];
  return [{ path: `${path}/id`, message: `${child} is there twice` }];
};

/** A role is enforced in a request of its own, so that it is plain which services keep the role that they have. */
const enforceRoleViolations = (root: RootGroup, id: PathId, input: GroupInput): Violation[] => {
  const known = root.groups.get(id);
  const isChanged =
    input.enforceRole !== undefined && known && input.enforceRole !== (known.enforceRole ?? false);
  if (!isChanged || (!input.apps && !input.groups)) return [];
  const message =
    'enforceRole cannot be modified in a request that adds, removes or modifies services; please make these changes in separate requests.';
  return [{ path: '/enforceRole', message }];
};
