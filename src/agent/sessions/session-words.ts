import type { CommandInfo, TTYInfo } from '../../mesos/generated/mesos.ts';
import type { ContainerEntry } from '../containerizers/container-entry.ts';
import { userOf } from '../containerizers/container-user.ts';
import { wayInto } from '../containerizers/way-into.ts';
import { commandEnvironment } from '../core/environment.ts';
import { commandLine } from '../processes/command-line.ts';
import { type HostPrograms, requireProgram } from '../processes/host-programs.ts';
import { inParts } from '../processes/launch-text.ts';
import { quote, quoteAll } from '../processes/shell-words.ts';
import { findUser, type UserIdentity } from '../processes/system-user.ts';
import { FINAL_SCRIPT } from '../processes/waiting-shell.ts';
import { SESSION_SCRIPT } from './session-script.ts';

export interface SessionOrder {
  readonly entry: ContainerEntry;
  readonly command: CommandInfo;
  readonly terminal: TTYInfo | undefined;
}

/** A program with its arguments, and the environment that it is started with. */
export interface SessionWords {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Who the command runs as; undefined is the agent's own user. */
  readonly user: UserIdentity | undefined;
}

/**
 * How the command of a session gets into its container: its environment is that of the container's command, with its own
 * variables, and is set only after everything that root runs on the way. Throws, for people, when it cannot get there.
 */
export const sessionWords = (order: SessionOrder, programs: HostPrograms): SessionWords => {
  const { entry, command, terminal } = order;
  const environment = { ...entry.environment, ...commandEnvironment(command) };
  const inner = commandLine({ command, environment });
  const user = userOfSession(order);
  // Without a root folder of its own it is in the sandbox already: for its user the way there may be closed.
  const folder = entry.hasOwnRoot ? entry.workingDirectory : '.';
  const final = ['/bin/sh', '-c', FINAL_SCRIPT, 'plenum-task', folder, ...inner];
  const words = [
    '/bin/sh',
    '-c',
    SESSION_SCRIPT,
    'plenum-session',
    entry.cgroups.join('\n'),
    ...wayInto(entry, user, { programs, hasTerminal: terminal !== undefined }),
    ...final,
  ];
  return {
    words: terminal === undefined ? words : inTerminal(words, { terminal, user, programs }),
    environment: inParts(environment),
    user,
  };
};

const userOfSession = ({ entry, command }: SessionOrder): UserIdentity | undefined => {
  if (command.user === undefined || command.user === entry.user) return entry.identity;
  if (process.getuid?.() !== 0) {
    throw new Error(`Only an agent that runs as root can start a command as user '${command.user}'`);
  }
  return entry.hasOwnRoot ? userInContainer(entry, command.user) : findUser(command.user);
};

const userInContainer = ({ pid }: ContainerEntry, user: string): UserIdentity | undefined =>
  userOf(
    { user: undefined },
    {
      rootfs: `/proc/${pid}/root`,
      config: { user, entrypoint: [], cmd: [], env: {}, workingDir: undefined },
    },
  );

/**
 * In a pseudo terminal, which `script` holds: it copies both ways and ends as its command does. Nothing has to be compiled
 * or loaded for it, and what it holds outlives the agent.
 */
export const inTerminal = (
  words: readonly string[],
  {
    terminal: { window_size },
    user,
    programs,
  }: { terminal: TTYInfo; user: UserIdentity | undefined; programs: HostPrograms },
): string[] => {
  const size =
    window_size === undefined
      ? ''
      : `${quote(requireProgram(programs, 'stty'))} rows ${window_size.rows} cols ${window_size.columns} 2>/dev/null; `;
  const owner = user === undefined ? '' : `chown ${user.uid} "$(tty)"; `;
  return [
    requireProgram(programs, 'script'),
    '--quiet',
    '--flush',
    '--return',
    '--echo',
    'always',
    '--command',
    `${size}${owner}exec ${quoteAll(words)}`,
    '/dev/null',
  ];
};
