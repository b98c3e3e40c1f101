import { existsSync } from 'node:fs';
import { type HostPrograms, requireProgram } from '../processes/host-programs.ts';
import { resolveInRoot } from '../processes/resolve-in-root.ts';
import { throughPrograms } from '../processes/rights.ts';
import type { UserIdentity } from '../processes/system-user.ts';
import type { ContainerEntry } from './container-entry.ts';

/**
 * Programs, with arguments, through which a command gets into a container that runs, as that user. In a root folder of its
 * own there may be no program that takes rights away: the one that leads there does it. Throws, for people.
 */
export const wayInto = (
  { pid, namespaces, hasOwnRoot }: ContainerEntry,
  user: UserIdentity | undefined,
  programs: HostPrograms,
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
  return [
    requireProgram(programs, 'nsenter'),
    `--target=${pid}`,
    ...namespaces.map((kind) => `--${kind}`),
    ...(hasOwnRoot && user ? [`--setuid=${user.uid}`, `--setgid=${user.gid}`] : []),
    '--',
    ...rights,
  ];
};
