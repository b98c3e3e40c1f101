import type { MarathonState } from './core/state.ts';
import type { RunSpec } from './definitions/run-spec.ts';
import { putRunSpecs, type RootGroup, runSpecsOf } from './groups/root-group.ts';

/**
 * Puts an earlier root group together again: from the present one back, change by change, until its version is reached.
 * Undefined when it is not kept any more. Apps and pods whose definition of then is gone are left out.
 */
export const rootAt = (
  state: MarathonState,
  version: string,
  specAt: (id: string, version: string) => RunSpec | undefined,
): RootGroup | undefined => {
  const { root, rootHistory } = state;
  if (version === root.version) return root;
  if (!rootHistory.some((entry) => entry.version === version)) return undefined;
  const groups = new Map(root.groups);
  const versions = new Map<string, string | null>();
  for (const entry of rootHistory.toReversed()) {
    if (entry.version <= version) break;
    for (const [id, former] of Object.entries(entry.apps)) versions.set(id, former);
    for (const [id, former] of Object.entries(entry.groups)) {
      if (former === null) groups.delete(id);
      else groups.set(id, former);
    }
  }
  const unchanged = [...runSpecsOf(root)].filter(({ id }) => !versions.has(id));
  const changed = [...versions].flatMap(([id, former]) =>
    former === null ? [] : (specAt(id, former) ?? []),
  );
  return putRunSpecs({ version, groups, apps: new Map(), pods: new Map() }, [...unchanged, ...changed]);
};
