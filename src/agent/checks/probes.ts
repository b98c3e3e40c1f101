import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { request } from '../../http/client.ts';
import type { CommandInfo } from '../../mesos/generated/mesos.ts';
import { commandLine } from '../processes/shim.ts';
import type { UserIdentity } from '../processes/system-user.ts';

/** The single looks at a task that checks are made of. Each ends within its timeout; 0 means that it may take for ever. */

const MAX_REDIRECTS = 10;
const LOOPBACK = '127.0.0.1';
const LOOPBACK_6 = '::1';

/** The status of an answer, or undefined when there was none in time. */
export const probeHttp = async (
  {
    scheme = 'http',
    port,
    path = '/',
    isIpv6,
  }: { scheme?: string; port: number; path?: string; isIpv6: boolean },
  timeoutMs: number,
): Promise<number | undefined> => {
  const host = isIpv6 ? `[${LOOPBACK_6}]` : LOOPBACK;
  try {
    const { status } = await request({
      url: `${scheme}://${host}:${port}${path.startsWith('/') ? path : `/${path}`}`,
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
export const probeTcp = (
  { port, isIpv6 }: { port: number; isIpv6: boolean },
  timeoutMs: number,
): Promise<boolean | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: isIpv6 ? LOOPBACK_6 : LOOPBACK });
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
}

/** The exit code of a command that runs beside the task, or undefined when it did not end in time. */
export const probeCommand = (
  { command, environment, sandbox, user }: CommandProbe,
  timeoutMs: number,
): Promise<number | undefined> =>
  new Promise((resolve) => {
    const variables = (command.environment?.variables ?? []).map(({ name, value }) => [name, value ?? '']);
    const env = { ...environment, ...Object.fromEntries(variables) };
    const [program = '', ...args] = commandLine({ command, environment: env });
    const child = spawn(program, args, { cwd: sandbox, env, detached: true, stdio: 'ignore', ...user });
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

/** Ended by a signal: no exit code says so, and no healthy command ends like that. */
const SIGNALLED = 255;

const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
};
