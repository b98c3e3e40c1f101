import type { DefinitionSettings } from '../definitions/definition-settings.ts';
import { parentOf, ROOT, type RunSpecId, topLevelGroupOf } from '../definitions/path-id.ts';
import { type RootGroup, runSpecOf } from './root-group.ts';

export interface RolePolicy {
  /** Of what names none. */
  readonly fallback: string;
  readonly allowed: readonly string[];
}

/**
 * Which roles an app or pod may have where it is (marathon.md 3.22): directly below the root only Marathon's; in a group also the one
 * named after the top-level group, and only that when the group enforces its role. What it has already it may keep.
 */
export const rolePolicy = (root: RootGroup, id: RunSpecId, settings: DefinitionSettings): RolePolicy => {
  const { mesosRole } = settings;
  const current = runSpecOf(root, id)?.role ?? [];
  const unique = (roles: readonly string[]): string[] => [...new Set(roles.concat(current))];
  const top = topLevelGroupOf(id);
  if (top === undefined || parentOf(id) === ROOT)
    return { fallback: mesosRole, allowed: unique([mesosRole]) };
  const groupRole = top.slice(1);
  return isRoleEnforced(root, id, settings)
    ? { fallback: groupRole, allowed: unique([groupRole]) }
    : { fallback: mesosRole, allowed: unique([mesosRole, groupRole]) };
};

/** Whether the top-level group of an app wants it to have the group's role; groups that are yet to be made count too. */
const isRoleEnforced = (root: RootGroup, id: RunSpecId, settings: DefinitionSettings): boolean => {
  const group = root.groups.get(topLevelGroupOf(id) ?? ROOT);
  return group ? (group.enforceRole ?? false) : settings.newGroupEnforceRole === 'top';
};

/** Has new top-level groups that say nothing about it enforce their role, where Marathon is told to. */
export const enforceRolesOfNewGroups = (
  before: RootGroup,
  after: RootGroup,
  { newGroupEnforceRole }: DefinitionSettings,
): RootGroup => {
  if (newGroupEnforceRole === 'off') return after;
  const groups = new Map(after.groups);
  for (const [id, group] of after.groups) {
    const isNewAtTop = !before.groups.has(id) && id !== ROOT && parentOf(id) === ROOT;
    if (isNewAtTop && group.enforceRole === undefined) groups.set(id, { ...group, enforceRole: true });
  }
  return { ...after, groups };
};
