import type { MarathonState } from './core/state.ts';
import type { AppDefinition } from './definitions/app.ts';
import type { RootGroup } from './groups/root-group.ts';

/**
 * Puts an earlier root group together again: from the present one back, change by change, until its version is reached.
 * Undefined when it is not kept any more. Apps whose definition of then is gone are left out.
 */
export const rootAt = (
  state: MarathonState,
  version: string,
  appAt: (appId: string, version: string) => AppDefinition | undefined,
): RootGroup | undefined => {
  const { root, rootHistory } = state;
  if (version === root.version) return root;
  if (!rootHistory.some((entry) => entry.version === version)) return undefined;
  const apps = new Map(root.apps);
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
  for (const [id, former] of versions) {
    const app = former === null ? undefined : appAt(id, former);
    if (app === undefined) apps.delete(id);
    else apps.set(id, app);
  }
  return { version, groups, apps };
};
