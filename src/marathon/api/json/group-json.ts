import { eachOf } from '../../../http/json-pieces.ts';
import { type PathId, parentOf, ROOT } from '../../definitions/path-id.ts';
import type { RunSpec } from '../../definitions/run-spec.ts';
import type { Group, RootGroup } from '../../groups/root-group.ts';
import type { GroupEmbeds } from '../embeds.ts';
import type { ShowApp } from './app-info.ts';
import type { ShowPod } from './pod-status-json.ts';

/**
 * A group with what is in it, at every depth (marathon.md 1.8); undefined when there is no such group. Its lists are made one
 * by one, for `jsonPieces`.
 */
export const groupJson = (
  root: RootGroup,
  id: PathId,
  { embeds, showApp, showPod }: { embeds: GroupEmbeds; showApp: ShowApp; showPod: ShowPod },
): object | undefined => {
  const group = root.groups.get(id);
  if (!group) return undefined;
  const apps = byParent(embeds.apps ? root.apps.values() : []);
  const pods = byParent(embeds.pods ? root.pods.values() : []);
  const groups = byParent(embeds.groups ? root.groups.values() : []);
  const show = (shown: Group): object => ({
    id: shown.id,
    apps: eachOf(apps.get(shown.id) ?? [], showApp),
    pods: eachOf(pods.get(shown.id) ?? [], showPod),
    groups: eachOf(groups.get(shown.id) ?? [], show),
    dependencies: shown.dependencies,
    version: shown.version,
    // Strict clients know no such key, so that only groups that were told have it.
    ...(shown.enforceRole !== undefined && { enforceRole: shown.enforceRole }),
  });
  return show(group);
};

const byParent = <Member extends Group | RunSpec>(members: Iterable<Member>): Map<PathId, Member[]> => {
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
