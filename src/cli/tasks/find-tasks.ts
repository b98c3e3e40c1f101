import type { MesosTask } from '../../clients/mesos-types.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { CliError } from '../errors/cli-error.ts';
import { hintOfNearest } from '../errors/suggest-name.ts';

export const hasEnded = ({ state }: Pick<MesosTask, 'state'>): boolean => isTerminal(state);

export interface TaskFilter {
  /** Part of an id or a glob (`*`, `?`); missing matches all. */
  readonly pattern?: string | undefined;
  readonly agentId?: string | undefined;
  /** Default: those that have not ended. */
  readonly which?: 'active' | 'completed' | 'all';
}

/** Tasks whose id contains the pattern or matches it as a glob (cli.md 6). */
export const filterTasks = (tasks: readonly MesosTask[], filter: TaskFilter): MesosTask[] => {
  const { pattern, agentId, which = 'active' } = filter;
  const matches = matcher(pattern === undefined ? undefined : plainId(pattern));
  return tasks.filter(
    (task) =>
      (which === 'all' || hasEnded(task) === (which === 'completed')) &&
      (agentId === undefined || task.slave_id === agentId) &&
      matches(task.id),
  );
};

/** `/web/api` is how the app is called whose tasks begin with `web_api`. */
const plainId = (pattern: string): string =>
  pattern.startsWith('/') ? pattern.slice(1).replaceAll('/', '_') : pattern;

const matcher = (pattern: string | undefined): ((id: string) => boolean) => {
  if (pattern === undefined) return () => true;
  if (!/[*?]/.test(pattern)) return (id) => id.includes(pattern);
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  const glob = new RegExp(`^${source}$`);
  return (id) => glob.test(id);
};

/**
 * The tasks that a command is about: those that match, preferably such as have not ended. An exact id means that one
 * alone. Throws CliError when there is none.
 */
export const findTasks = (
  tasks: readonly MesosTask[],
  pattern: string,
  which?: TaskFilter['which'],
): MesosTask[] => {
  const exact = tasks.filter(({ id }) => id === pattern);
  if (exact.length > 0) return exact;
  const found = filterTasks(tasks, { pattern, which: which ?? 'active' });
  if (found.length > 0) return found;
  const ended = which === undefined ? filterTasks(tasks, { pattern, which: 'completed' }) : [];
  // Nothing that runs was meant, so the latest that ran is.
  const latest = ended.at(-1);
  if (latest) return [latest];
  const names = [...new Set(tasks.map(({ name }) => name))];
  throw new CliError('not-found', `There is no task whose id contains "${pattern}"`, {
    hint: hintOfNearest(
      plainId(pattern),
      names,
      'plenum task list shows those that run, plenum task list --all those that ended too',
    ),
  });
};
