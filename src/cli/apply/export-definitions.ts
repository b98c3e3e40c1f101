import type { MarathonDefinitions } from '../../clients/marathon-definitions-client.ts';
import type { MarathonGroup } from '../../clients/marathon-group-client.ts';
import { writableApp } from '../apps/writable-app.ts';

/** A definition as it is written down: what Marathon takes, without what it only tells. */
export interface ExportedDefinition {
  readonly kind: 'app' | 'pod' | 'group';
  readonly id: string;
  readonly definition: object;
}

/**
 * All definitions whose id matches, by id. Of groups those that say something: what they wait for, which role is
 * enforced, or that they exist although nothing is in them.
 */
export const exportDefinitions = (
  { apps, pods, groups }: MarathonDefinitions,
  isMeant: (id: string) => boolean,
): ExportedDefinition[] => {
  const ids = [...apps, ...pods, ...groups].map(({ id }) => id);
  const isEmpty = (group: string): boolean => !ids.some((id) => id.startsWith(`${group}/`));
  const exported = [
    ...apps.map((app) => ({ kind: 'app' as const, id: app.id, definition: writableApp(app) })),
    ...pods.map((pod) => ({ kind: 'pod' as const, id: pod.id, definition: writableApp(pod) })),
    ...groups
      .filter((group) => group.id !== '/' && (saysSomething(group) || isEmpty(group.id)))
      .map((group) => ({ kind: 'group' as const, id: group.id, definition: groupDefinition(group) })),
  ];
  return exported
    .filter(({ id }) => isMeant(id))
    .sort((one, other) => (one.id < other.id ? -1 : Number(one.id > other.id)));
};

const saysSomething = ({ dependencies = [], enforceRole }: MarathonGroup): boolean =>
  dependencies.length > 0 || enforceRole !== undefined;

const groupDefinition = ({ id, dependencies = [], enforceRole }: MarathonGroup): object => ({
  id,
  ...(dependencies.length > 0 && { dependencies }),
  ...(enforceRole !== undefined && { enforceRole }),
});

/** Whether an id is meant by a pattern: `*` stands for a part of one segment, `**` for any number of segments. */
export const idMatcher = (pattern: string): ((id: string) => boolean) => {
  const absolute = `/${pattern.replace(/^\/+/, '')}`;
  const source = absolute
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  const expression = new RegExp(`^${source}$`);
  return (id) => expression.test(id);
};
