/** What Marathon tells of an app and does not take back (marathon.md 1.6.2). */
const READ_ONLY_FIELDS = [
  'tasks',
  'tasksStaged',
  'tasksRunning',
  'tasksHealthy',
  'tasksUnhealthy',
  'taskStats',
  'tasksStats',
  'deployments',
  'lastTaskFailure',
  'readinessCheckResults',
  'versionInfo',
];

type Definition = Readonly<Record<string, unknown>>;

/**
 * A definition as Marathon takes it, so that what `app show` printed can be edited and sent back. A version stays only
 * where it means a roll-back: beside nothing but the id.
 */
export const writableApp = (definition: Definition): Definition => {
  const names = Object.keys(definition).filter((name) => !READ_ONLY_FIELDS.includes(name));
  const isRollback = names.includes('version') && names.every((name) => name === 'version' || name === 'id');
  const kept = isRollback ? names : names.filter((name) => name !== 'version');
  return Object.fromEntries(kept.map((name) => [name, definition[name]]));
};
