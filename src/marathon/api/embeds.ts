/** What an answer about apps holds beside their definitions (marathon.md 1.6.1). */
export type AppEmbed = 'tasks' | 'counts' | 'deployments' | 'readiness' | 'lastTaskFailure' | 'taskStats';

const MEANINGS: Readonly<Record<string, readonly AppEmbed[]>> = {
  tasks: ['tasks', 'deployments'],
  counts: ['counts'],
  deployments: ['deployments'],
  readiness: ['readiness'],
  lastTaskFailure: ['lastTaskFailure'],
  failures: ['lastTaskFailure', 'tasks', 'deployments', 'counts'],
  taskStats: ['taskStats'],
};

const PREFIX = /^(?:apps|app|group\.apps)\./;

/** The embeds that a query names; those that there are not are passed over. */
export const appEmbeds = (names: readonly string[], always: readonly AppEmbed[]): ReadonlySet<AppEmbed> => {
  const asked = names.flatMap((name) => {
    const bare = name.replace(PREFIX, '');
    return Object.hasOwn(MEANINGS, bare) ? (MEANINGS[bare] ?? []) : [];
  });
  return new Set([...always, ...asked]);
};

/** What of a group is shown. */
export interface GroupEmbeds {
  readonly groups: boolean;
  readonly apps: boolean;
  readonly pods: boolean;
  readonly appEmbeds: ReadonlySet<AppEmbed>;
}

/** Without any embed everything but what belongs to apps is shown, and as soon as there is one only what is named. */
export const groupEmbeds = (names: readonly string[]): GroupEmbeds => {
  const known = names.filter((name) => name.startsWith('group.'));
  if (known.length === 0) return { groups: true, apps: true, pods: true, appEmbeds: new Set() };
  const ofApps = known.filter((name) => name.startsWith('group.apps.'));
  return {
    groups: known.includes('group.groups'),
    apps: known.includes('group.apps') || ofApps.length > 0,
    pods: known.includes('group.pods'),
    appEmbeds: appEmbeds(ofApps, []),
  };
};
