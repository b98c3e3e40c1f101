import { isExternalVolume } from '../definitions/container.ts';
import { ancestorsOf, type PathId, ROOT } from '../definitions/path-id.ts';
import type { Violation } from '../definitions/violation.ts';
import { hasDependencyCycle } from './dependency-cycle.ts';
import type { RootGroup } from './root-group.ts';

/**
 * What is wrong about everything together (marathon.md 2.8): an id that is both an app and a group, dependencies in a
 * circle, a volume that two apps want for themselves. Only what an update touched can have become wrong.
 */
export const rootViolations = (before: RootGroup, after: RootGroup): Violation[] => {
  const touched = [...after.apps.values()]
    .filter((app) => before.apps.get(app.id) !== app)
    .map(({ id }) => id);
  const added = [...after.groups.keys()].filter((id) => !before.groups.has(id));
  const isClash =
    touched.some((id) => after.groups.has(id) || ancestorsOf(id).some((group) => after.apps.has(group))) ||
    added.some((id) => after.apps.has(id));
  const violations: Violation[] = [];
  if (isClash) {
    violations.push({ path: '/', message: 'Groups and Applications may not have the same identifier.' });
  }
  if (hasDependencyCycle(after)) {
    violations.push({ path: '/', message: 'Dependency graph has cyclic dependencies.' });
  }
  return [...violations, ...volumeClashes(after, new Set(touched))];
};

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
