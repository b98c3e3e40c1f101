import { existsSync } from 'node:fs';
import type { Capabilities } from '../isolators/isolator.ts';
import { type HostPrograms, requireProgram } from '../processes/host-programs.ts';
import type { NamespaceKind } from '../processes/namespaces.ts';
import { resolveInRoot } from '../processes/resolve-in-root.ts';
import { setprivOptions, throughPrograms } from '../processes/rights.ts';
import { SETPRIV_INSIDE } from '../processes/setpriv-inside.ts';
import type { UserIdentity } from '../processes/system-user.ts';
import type { ContainerEntry } from './container-entry.ts';

/**
 * Programs, with arguments, through which a command gets into a container that runs, as that user. In a root folder of its
 * own there is a program that takes capabilities away only where there are some to take. With a terminal, that is taken over
 * behind the step into the container's pid namespace: shells want one that belongs to a session which they can see. Throws,
 * for people.
 */
export const wayInto = (
  { pid, namespaces, hasOwnRoot, rights }: ContainerEntry,
  user: UserIdentity | undefined,
  { programs, hasTerminal = false }: { programs: HostPrograms; hasTerminal?: boolean },
): string[] => {
  const { capabilities, rlimits } = rights;
  // Limits hold from here on, also inside.
  const limits = throughPrograms(programs, { user: undefined, capabilities: undefined, rlimits });
  const taken = hasOwnRoot
    ? takenInside(user, capabilities)
    : throughPrograms(programs, { user, capabilities, rlimits: [] });
  if (namespaces.length === 0) return [...limits, ...taken];
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
  const last = !hasOwnRoot ? ['--wd'] : user && !capabilities ? userOptions(user) : [];
  if (!hasTerminal || !namespaces.includes('pid')) return [...limits, ...step(namespaces, last), ...taken];
  const others = namespaces.filter((kind) => kind !== 'pid');
  const rest = others.length === 0 ? [] : step(others, last);
  const terminal = [requireProgram(programs, 'setsid'), '--ctty'];
  return [...limits, ...step(['pid']), ...terminal, ...rest, ...taken];
};

const userOptions = ({ uid, gid }: UserIdentity): string[] => [`--setuid=${uid}`, `--setgid=${gid}`];

/** Whoever has limited capabilities finds a program that takes the others away, also the right to be another user. */
const takenInside = (user: UserIdentity | undefined, capabilities: Capabilities | undefined): string[] =>
  capabilities === undefined ? [] : [...SETPRIV_INSIDE, ...setprivOptions({ user, capabilities }), '--'];
