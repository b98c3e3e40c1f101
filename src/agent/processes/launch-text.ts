import { type HostPrograms, requireProgram } from './host-programs.ts';
import type { LaunchIsolation, LaunchOrder } from './launcher.ts';
import { throughPrograms } from './rights.ts';
import { exportWords, isShellName, quote, quoteAll } from './shell-words.ts';
import { FINAL_SCRIPT, FINAL_WAITING_SCRIPT, REPORTING_SCRIPT, ROOTED_SCRIPT } from './waiting-shell.ts';

/** Scripts that a launcher knows by name, so that they are not sent with every launch. */
export const LAUNCHER_VARIABLES = {
  reporting: REPORTING_SCRIPT,
  rooted: ROOTED_SCRIPT,
  final: FINAL_SCRIPT,
  finalWaiting: FINAL_WAITING_SCRIPT,
} as const;

/**
 * What a launcher is told for one launch: shell commands that start the waiting shell, which is nobody's child then. Throws, for people, when a program is missing that the order needs.
 */
export const launchText = (
  order: LaunchOrder,
  { token, pipe, programs }: { token: string; pipe: string; programs: HostPrograms },
): string => {
  const { sandbox, exitFile, stdout, stderr } = order;
  const { environment, words } =
    order.isolation || order.user ? guarded(order, token, programs) : plain(order, token);
  const setsid = requireProgram(programs, 'setsid');
  // To open a pipe waits for somebody on its other side, for ever when the agent was killed meanwhile: file 9 is both sides
  // until it is open. Later words of a line win: file 6 is what the launcher itself writes to. By file 7 the waiting shell
  // learns how the host counts it, also when /proc is its own by then.
  const files = `6>&1 9<>${quote(pipe)} <${quote(pipe)} 9<&- >>${quote(stdout)} 2>>${quote(stderr)} 3>>${quote(exitFile)} 7</proc`;
  return [
    '(',
    exportWords(environment),
    `cd ${quote(sandbox)} || exit`,
    'unset OLDPWD',
    // Not in the background by `&`: what a shell starts so can never be interrupted. What a program on the way to the
    // waiting shell complains of goes to the notes: nobody else hears that the shell will never be there.
    `exec ${quote(setsid)} --fork ${words} 4>&2 2>&3`,
    `) ${files} || echo "ended ${token}"`,
    '',
  ].join('\n');
};

/** A command that runs as the launcher does: nothing stands between its environment and the shell. */
const plain = ({ command, environment }: LaunchOrder, token: string) => ({
  environment,
  words: `/bin/sh -c "$reporting" plenum-task ${token} '' '' 'exec "$@"' ${quoteAll(command)}`,
});

const NOWHERE: LaunchIsolation = {
  namespaces: { mount: false, pid: false, net: false, ipc: false, uts: false },
  setup: [],
  cgroups: [],
  rlimits: [],
  capabilities: undefined,
  umask: undefined,
  rootfs: undefined,
  workingDirectory: '.',
};

/** A command with less rights than the launcher: what it says in its environment must not be heard before it has them. */
const guarded = (order: LaunchOrder, token: string, programs: HostPrograms) => {
  const isolation = order.isolation ?? NOWHERE;
  const { rootfs, umask, workingDirectory } = isolation;
  const setup = [
    ...isolation.setup.map(
      ({ run, otherwise }) => `{ ${run}\n} || fail ${quote(otherwise.replaceAll('\n', ' '))}`,
    ),
    ...(umask === undefined ? [] : [`umask ${umask.toString(8)}`]),
    ...(rootfs === undefined ? [] : [`cd ${quote(rootfs)} || fail 'The root folder is gone'`]),
  ].join('\n');
  const join = isolation.cgroups
    .map((file) => `echo 0 >${quote(file)} || fail ${quote(`Cannot join the cgroup of ${file}`)}`)
    .join('\n');
  const through = quoteAll(throughPrograms(programs, { ...isolation, user: order.user }));
  const command = quoteAll([workingDirectory, ...order.command]);
  const shell = (script: string): string =>
    `/bin/sh -c "$${script}" plenum-task ${token} ${quoteAll([setup, join])}`;
  const waiting =
    rootfs !== undefined
      ? `${shell('rooted')} ${quote(requireProgram(programs, 'pivot_root'))} ${through} /bin/sh -c "$finalWaiting" plenum-task ${token} ${command}`
      : through !== ''
        ? `${shell('reporting')} 'exec "$@"' ${through} /bin/sh -c "$final" plenum-task ${command}`
        : // No rights to lose: what would run once they are lost can run in the shell itself.
          `${shell('reporting')} "$final" ${command}`;
  return {
    environment: inParts(order.environment),
    words: `${quoteAll(namespaceWords(isolation, programs))} ${waiting}`,
  };
};

/** A pid namespace is seen as the host's until /proc is its own. A root folder gets one with its other mounts. */
const hasOwnProc = ({ namespaces, rootfs }: LaunchIsolation): boolean =>
  namespaces.pid && namespaces.mount && rootfs === undefined;

const namespaceWords = (isolation: LaunchIsolation, programs: HostPrograms): string[] => {
  const { namespaces } = isolation;
  const entries = Object.entries(namespaces);
  const joined = entries.flatMap(([kind, wish]) => (typeof wish === 'string' ? [`--${kind}=${wish}`] : []));
  const own = entries.flatMap(([kind, wish]) => (wish === true ? [`--${kind}`] : []));
  return [
    ...(joined.length === 0 ? [] : [requireProgram(programs, 'nsenter'), ...joined]),
    ...(own.length === 0
      ? []
      : [
          requireProgram(programs, 'unshare'),
          ...own,
          ...(namespaces.mount ? ['--propagation', 'slave'] : []),
          ...(namespaces.pid ? ['--fork'] : []),
          ...(hasOwnProc(isolation) ? ['--mount-proc'] : []),
        ]),
  ];
};

/** The system passes on variables of 128 kB at most. */
const LONGEST_PART = 65_536;

/** Variables that hold the commands which set the command's own: see FINAL_SCRIPT. None gets longer than may be passed on. */
export const inParts = (environment: Readonly<Record<string, string>>): Record<string, string> => {
  const parts: string[] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const [name, value] of Object.entries(environment)) {
    if (!isShellName(name)) continue;
    const text = exportWords({ [name]: value });
    if (length + text.length > LONGEST_PART) {
      parts.push(text);
      length = text.length;
    } else {
      parts[parts.length - 1] += `\n${text}`;
      length += text.length + 1;
    }
  }
  const names = parts.map((_, index) => `PLENUM_ENVIRONMENT_${index}`);
  return {
    PLENUM_ENVIRONMENT: names.join(' '),
    ...Object.fromEntries(names.map((name, index) => [name, parts[index] ?? ''])),
  };
};
