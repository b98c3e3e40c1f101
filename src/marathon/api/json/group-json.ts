import type { AppDefinition } from '../../definitions/app.ts';
import { type PathId, parentOf, ROOT } from '../../definitions/path-id.ts';
import type { Group, RootGroup } from '../../groups/root-group.ts';
import type { GroupEmbeds } from '../embeds.ts';
import type { ShowApp } from './app-info.ts';

/** A group with what is in it, at every depth (marathon.md 1.8); undefined when there is no such group. */
export const groupJson = (
  root: RootGroup,
  id: PathId,
  { embeds, showApp }: { embeds: GroupEmbeds; showApp: ShowApp },
): object | undefined => {
  const group = root.groups.get(id);
  if (!group) return undefined;
  const apps = byParent(embeds.apps ? root.apps.values() : []);
  const groups = byParent(embeds.groups ? root.groups.values() : []);
  const show = (shown: Group): object => ({
    id: shown.id,
    apps: (apps.get(shown.id) ?? []).map(showApp),
    pods: [],
    groups: (groups.get(shown.id) ?? []).map(show),
    dependencies: shown.dependencies,
    version: shown.version,
    // Strict clients know no such key, so that only groups that were told have it.
    ...(shown.enforceRole !== undefined && { enforceRole: shown.enforceRole }),
  });
  return show(group);
};

const byParent = <Member extends Group | AppDefinition>(members: Iterable<Member>): Map<PathId, Member[]> => {
  const found = new Map<PathId, Member[]>();
  for (const member of members) {
    if (member.id === ROOT) continue;
    const parent = parentOf(member.id);
    const known = found.get(parent);
    if (known) known.push(member);
    else found.set(parent, [member]);
  }
  return found;
};
