import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { request } from '../../http/client.ts';
import type { CommandInfo } from '../../mesos/generated/mesos.ts';
import type { ContainerEntry } from '../containerizers/container-entry.ts';
import { wayInto } from '../containerizers/way-into.ts';
import { commandLine } from '../processes/command-line.ts';
import { findHostPrograms } from '../processes/host-programs.ts';
import { keptApart } from '../processes/kept-apart.ts';
import { inParts } from '../processes/launch-text.ts';
import type { UserIdentity } from '../processes/system-user.ts';
import { FINAL_SCRIPT } from '../processes/waiting-shell.ts';
import { hasOwnNetwork, probeInside } from './probe-inside.ts';

/** The single looks at a task that checks are made of. Each ends within its timeout; 0 means that it may take for ever. */

const MAX_REDIRECTS = 10;
const NO_FILES = ['ignore', 'ignore', 'ignore'] as const;
const LOOPBACK = '127.0.0.1';
const LOOPBACK_6 = '::1';

/** The status of an answer, or undefined when there was none in time. */
export const probeHttp = async (
  {
    scheme = 'http',
    port,
    path = '/',
    isIpv6,
    entry,
  }: { scheme?: string; port: number; path?: string; isIpv6: boolean; entry: ContainerEntry | undefined },
  timeoutMs: number,
): Promise<number | undefined> => {
  const host = isIpv6 ? `[${LOOPBACK_6}]` : LOOPBACK;
  const absolute = path.startsWith('/') ? path : `/${path}`;
  if (entry && hasOwnNetwork(entry.pid)) {
    const probe = { scheme, port, path: absolute, host: isIpv6 ? LOOPBACK_6 : LOOPBACK };
    const printed = await probeInside(entry.pid, probe, timeoutMs);
    return printed === '' ? undefined : Number(printed);
  }
  try {
    const { status } = await request({
      url: `${scheme}://${host}:${port}${absolute}`,
      timeoutMs: timeoutMs === 0 ? 2 ** 31 - 1 : timeoutMs,
      maxRedirects: MAX_REDIRECTS,
      // A task's certificate is for its public name, not for the loopback address.
      ...(scheme === 'https' ? { tls: { rejectUnauthorized: false } } : {}),
    });
    return status;
  } catch {
    return undefined;
  }
};

/** Whether something listens, or undefined when that was not to be found out in time. */
export const probeTcp = async (
  { port, isIpv6, entry }: { port: number; isIpv6: boolean; entry: ContainerEntry | undefined },
  timeoutMs: number,
): Promise<boolean | undefined> => {
  const host = isIpv6 ? LOOPBACK_6 : LOOPBACK;
  if (!entry || !hasOwnNetwork(entry.pid)) return connectTo(host, port, timeoutMs);
  const printed = await probeInside(entry.pid, { port, host }, timeoutMs);
  return printed === '' ? undefined : printed === 'connected';
};

const connectTo = (host: string, port: number, timeoutMs: number): Promise<boolean | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ port, host });
    const end = (result: boolean | undefined): void => {
      socket.destroy();
      resolve(result);
    };
    if (timeoutMs > 0) socket.setTimeout(timeoutMs, () => end(undefined));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });

export interface CommandProbe {
  command: CommandInfo;
  environment: Readonly<Record<string, string>>;
  sandbox: string;
  user: UserIdentity | undefined;
  /** The container to run it in; undefined for one that does not run any more. */
  entry: ContainerEntry | undefined;
}

/** Joins the cgroups that are named, one a line, and goes on as the command. */
const JOIN_SCRIPT = `
while read -r file; do
  [ -z "$file" ] || echo 0 >"$file" || exit 125
done <<PLENUM
$1
PLENUM
shift
exec "$@"
`;

/** The exit code of a command that runs beside the task, or undefined when it could not run or did not end in time. */
export const probeCommand = (probe: CommandProbe, timeoutMs: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const child = spawnProbe(probe);
    if (!child) {
      resolve(undefined);
      return;
    }
    child.unref();
    const timer = timeoutMs === 0 ? undefined : setTimeout(() => end(undefined), timeoutMs).unref();
    const end = (code: number | undefined): void => {
      clearTimeout(timer);
      if (child.pid !== undefined) killGroup(child.pid);
      resolve(code);
    };
    child.once('error', () => end(undefined));
    child.once('exit', (code, signal) => end(code ?? (signal === null ? undefined : SIGNALLED)));
  });

/** In the container's namespaces and cgroups, where it has its own. */
const spawnProbe = ({
  command,
  environment,
  sandbox,
  user,
  entry,
}: CommandProbe): ChildProcess | undefined => {
  const variables = (command.environment?.variables ?? []).map(({ name, value }) => [name, value ?? '']);
  const env = { ...(entry?.environment ?? environment), ...Object.fromEntries(variables) };
  const words = commandLine({ command, environment: env });
  if (!entry || isPlain(entry)) {
    const [program = '', ...args] = words;
    return keptApart(NO_FILES, (stdio) =>
      spawn(program, args, { cwd: sandbox, env, detached: true, stdio, ...user }),
    );
  }
  try {
    const way = wayInto(entry, entry.identity, { programs: findHostPrograms() });
    const final = ['/bin/sh', '-c', FINAL_SCRIPT, 'plenum-check', entry.workingDirectory, ...words];
    const join = ['-c', JOIN_SCRIPT, 'plenum-check', entry.cgroups.join('\n'), ...way, ...final];
    return keptApart(NO_FILES, (stdio) =>
      spawn('/bin/sh', join, { cwd: '/', env: inParts(env), detached: true, stdio }),
    );
  } catch {
    // An image without a shell can have no check of this kind.
    return undefined;
  }
};

/** Whether nothing sets it apart from the agent's own processes but its user. */
const isPlain = ({ namespaces, cgroups, rights: { capabilities, rlimits } }: ContainerEntry): boolean =>
  namespaces.length + cgroups.length + rlimits.length === 0 && capabilities === undefined;

/** Ended by a signal: no exit code says so, and no healthy command ends like that. */
const SIGNALLED = 255;

const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
};
