import { isExternalVolume } from '../definitions/container.ts';
import { ancestorsOf, type PathId, ROOT } from '../definitions/path-id.ts';
import type { Violation } from '../definitions/violation.ts';
import { hasDependencyCycle } from './dependency-cycle.ts';
import type { RootGroup } from './root-group.ts';

/**
 * What is wrong about everything together (marathon.md 2.8): an id that stands for two things, dependencies in a
 * circle, a volume that two apps want for themselves. Only what an update touched can have become wrong.
 */
export const rootViolations = (before: RootGroup, after: RootGroup): Violation[] => {
  const violations: Violation[] = [];
  for (const [kind, name] of [
    ['apps', 'Applications'],
    ['pods', 'Pods'],
  ] as const) {
    if (!clashesWithGroups(before, after, kind)) continue;
    violations.push({ path: '/', message: `Groups and ${name} may not have the same identifier.` });
  }
  if ([...after.pods.keys()].some((id) => after.apps.has(id))) {
    violations.push({ path: '/', message: 'Applications and Pods may not share the same id' });
  }
  if (hasDependencyCycle(after)) {
    violations.push({ path: '/', message: 'Dependency graph has cyclic dependencies.' });
  }
  return [...violations, ...volumeClashes(after, new Set(touchedIds(before, after, 'apps')))];
};

const touchedIds = (before: RootGroup, after: RootGroup, kind: 'apps' | 'pods'): PathId[] =>
  [...after[kind]].filter(([id, spec]) => before[kind].get(id) !== spec).map(([id]) => id);

const clashesWithGroups = (before: RootGroup, after: RootGroup, kind: 'apps' | 'pods'): boolean =>
  touchedIds(before, after, kind).some(
    (id) => after.groups.has(id) || ancestorsOf(id).some((group) => after[kind].has(group)),
  ) || [...after.groups.keys()].some((id) => !before.groups.has(id) && after[kind].has(id));

const volumeClashes = (root: RootGroup, touched: ReadonlySet<PathId>): Violation[] => {
  const owners = new Map<string, { id: PathId; shared: boolean }>();
  const violations: Violation[] = [];
  for (const { id, container } of root.apps.values()) {
    for (const { external } of container?.volumes.filter(isExternalVolume) ?? []) {
      if (external.provider !== 'dvdi') continue;
      const { name, shared } = external;
      const owner = owners.get(name);
      owners.set(name, { id, shared });
      if (!owner || owner.id === id || (owner.shared && shared)) continue;
      if (!touched.has(id) && !touched.has(owner.id)) continue;
      const other = touched.has(id) ? owner.id : id;
      violations.push({
        path: ROOT,
        message: `Requested volume ${name} conflicts with a volume in app ${other}`,
      });
    }
  }
  return violations;
};
