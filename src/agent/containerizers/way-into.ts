import { existsSync } from 'node:fs';
import { type HostPrograms, requireProgram } from '../processes/host-programs.ts';
import type { NamespaceKind } from '../processes/namespaces.ts';
import { resolveInRoot } from '../processes/resolve-in-root.ts';
import { throughPrograms } from '../processes/rights.ts';
import type { UserIdentity } from '../processes/system-user.ts';
import type { ContainerEntry } from './container-entry.ts';

/**
 * Programs, with arguments, through which a command gets into a container that runs, as that user. In a root folder of its
 * own there may be no program that takes rights away: the one that leads there does it. With a terminal, that is taken over
 * behind the step into the container's pid namespace: shells want one that belongs to a session which they can see. Throws,
 * for people.
 */
export const wayInto = (
  { pid, namespaces, hasOwnRoot }: ContainerEntry,
  user: UserIdentity | undefined,
  { programs, hasTerminal = false }: { programs: HostPrograms; hasTerminal?: boolean },
): string[] => {
  const rights = throughPrograms(programs, {
    user: hasOwnRoot ? undefined : user,
    capabilities: undefined,
    rlimits: [],
  });
  if (namespaces.length === 0) return rights;
  if (hasOwnRoot && !existsSync(resolveInRoot(`/proc/${pid}/root`, '/bin/sh'))) {
    throw new Error('The image of the container has no /bin/sh, which a command inside it is started by');
  }
  const step = (kinds: readonly NamespaceKind[], options: readonly string[] = []): string[] => [
    requireProgram(programs, 'nsenter'),
    `--target=${pid}`,
    ...kinds.map((kind) => `--${kind}`),
    ...options,
    '--',
  ];
  // To the sandbox as root: for the user the way there may be closed.
  const last = !hasOwnRoot ? ['--wd'] : user ? [`--setuid=${user.uid}`, `--setgid=${user.gid}`] : [];
  if (!hasTerminal || !namespaces.includes('pid')) return [...step(namespaces, last), ...rights];
  const others = namespaces.filter((kind) => kind !== 'pid');
  const rest = others.length === 0 ? [] : step(others, last);
  return [...step(['pid']), requireProgram(programs, 'setsid'), '--ctty', ...rest, ...rights];
};
