import {
  type DefinitionChange,
  type MarathonDefinitions,
  postGroup,
  putGroup,
} from '../../clients/marathon-definitions-client.ts';
import type { MarathonGroup } from '../../clients/marathon-group-client.ts';
import { compareDefinitions } from './compare-definitions.ts';
import type { PlannedChange } from './planned-change.ts';
import type { WantedDefinitions, WantedGroup } from './wanted-definitions.ts';

export interface GroupStep {
  readonly group: WantedGroup;
  readonly planned: PlannedChange;
  readonly change: DefinitionChange;
}

/**
 * What has to be done about the groups themselves. One about which nothing is said comes into being with what is in it,
 * and is made only when that is nothing.
 */
export const planGroups = (wanted: WantedDefinitions, present: MarathonDefinitions): GroupStep[] => {
  const known = new Map(present.groups.map((group) => [group.id, group]));
  return [...wanted.groups.values()].flatMap((group): GroupStep[] => {
    const { id } = group;
    const body = bodyOf(group);
    const there = known.get(id);
    if (there === undefined) {
      const comesByItself = Object.keys(body).length === 0 && hasMembers(wanted, id);
      if (comesByItself) return [];
      const planned = { kind: 'group', id, change: 'create', changes: [] } as const;
      return [{ group, planned, change: postGroup({ id, ...body }) }];
    }
    const changes = compareDefinitions(comparable(there), body);
    if (changes.length === 0) return [];
    const planned = { kind: 'group', id, change: 'update', changes } as const;
    return [{ group, planned, change: putGroup(id, body) }];
  });
};

/**
 * The topmost groups of which nothing is left when some apps and pods are gone: everything in them, at every depth, is among
 * those. A group has no label that says whose it is, so that what was in it must; one that enforces its role stays, since that
 * says something about whoever comes next.
 */
export const emptiedGroups = (
  { groups, apps, pods }: MarathonDefinitions,
  { wanted, gone }: { wanted: WantedDefinitions; gone: ReadonlySet<string> },
): string[] => {
  const left = [...apps, ...pods].flatMap(({ id }) => (gone.has(id) ? [] : id));
  const isWithin = (id: string, group: string): boolean => id.startsWith(`${group}/`);
  const isEmptied = ({ id, enforceRole }: MarathonGroup): boolean =>
    id !== '/' &&
    enforceRole !== true &&
    !wanted.groups.has(id) &&
    !hasMembers(wanted, id) &&
    !left.some((member) => isWithin(member, id)) &&
    [...gone].some((member) => isWithin(member, id));
  const emptied = groups.filter(
    (group) => isEmptied(group) && groups.every((inner) => !isWithin(inner.id, group.id) || isEmptied(inner)),
  );
  return emptied.flatMap(({ id }) => (emptied.some((outer) => isWithin(id, outer.id)) ? [] : id));
};

const bodyOf = ({ dependencies, enforceRole }: WantedGroup): object => ({
  ...(dependencies && { dependencies }),
  ...(enforceRole !== undefined && { enforceRole }),
});

/** A group that was not told enforces no role. */
const comparable = (group: MarathonGroup): object => ({ dependencies: [], enforceRole: false, ...group });

const hasMembers = ({ specs, groups }: WantedDefinitions, id: string): boolean =>
  [...specs.keys(), ...groups.keys()].some((member) => member.startsWith(`${id}/`));
