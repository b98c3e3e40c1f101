import { spawn } from 'node:child_process';
import { RepositoryError } from './repository-error.ts';
import { redactUri } from './repository-uri.ts';

export interface GitRun {
  readonly args: readonly string[];
  readonly input?: string;
  readonly limitMs: number;
  readonly limitBytes?: number;
  /** Of each file that it writes. */
  readonly limitFileBytes?: number;
}

/** Runs Git and gives its standard output. Throws RepositoryError `unreachable` with what Git said. */
export type RunGit = (run: GitRun) => Promise<Buffer>;

const DEFAULT_OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;
const ERROR_LIMIT_CHARACTERS = 2_000;

/** Nothing of the remote's or of a surrounding repository's choice is run or written, and nobody is asked anything. */
const SAFE_SETTINGS = [
  ['core.hooksPath', '/dev/null'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['fetch.fsckObjects', 'true'],
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '20'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** The user's own Git, with their credentials and proxies. */
export const runGit: RunGit = ({
  args,
  input = '',
  limitMs,
  limitBytes = DEFAULT_OUTPUT_LIMIT_BYTES,
  limitFileBytes,
}) =>
  new Promise((resolve, reject) => {
    // A session of its own: there is no terminal to ask on, and its helpers end with it.
    const [program, ...programArgs] = commandOf([...SAFE_SETTINGS, ...args], limitFileBytes);
    const child = spawn(program, programArgs, {
      detached: true,
      env: gitEnvironment(),
      stdio: 'pipe',
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let errors = '';
    let stopped: string | undefined;
    const stop = (reason: string): void => {
      stopped ??= reason;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => stop(`took longer than ${limitMs / 1000} s`), limitMs);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) stop(`gave more than ${limitBytes} bytes`);
      else chunks.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-ERROR_LIMIT_CHARACTERS);
    });
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => {
      clearTimeout(timer);
      const isMissing = 'code' in error && error.code === 'ENOENT';
      const message = isMissing
        ? 'Git is needed to read this repository, but it is not installed'
        : error.message;
      reject(new RepositoryError('unreachable', message, { cause: error }));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0 && stopped === undefined) resolve(Buffer.concat(chunks));
      else reject(new RepositoryError('unreachable', `Git ${stopped ?? said(errors, code ?? signal)}`));
    });
    child.stdin.end(input);
  });

const FILE_LIMIT_UNIT_BYTES = 512;

/** A shell sets the limit: the system then ends whatever of Git writes more. */
const commandOf = (args: readonly string[], limitFileBytes: number | undefined): [string, ...string[]] =>
  limitFileBytes === undefined
    ? ['git', ...args]
    : [
        'sh',
        '-c',
        'ulimit -f "$0" && exec git "$@"',
        String(limitFileBytes / FILE_LIMIT_UNIT_BYTES),
        ...args,
      ];

const said = (errors: string, code: number | string | null): string => {
  const lines = errors
    .split('\n')
    .map((line) => redactUris(line.trim()))
    .filter((line) => line !== '');
  const fatal = lines.filter((line) => /^(fatal|error|remote|ssh):/.test(line));
  return `says: ${(fatal.length > 0 ? fatal : lines).join('; ') || `exit code ${code}`}`;
};

const redactUris = (line: string): string => line.replaceAll(/[a-z][a-z0-9+.-]*:\/\/\S+/gi, redactUri);

const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};

/** Variables by which a hook or a shell may have bound Git to another repository. */
const FOREIGN_VARIABLES = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
]);

const gitEnvironment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN_VARIABLES.has(name))),
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: 'true',
  SSH_ASKPASS_REQUIRE: 'never',
  GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
  GIT_LFS_SKIP_SMUDGE: '1',
  LC_ALL: 'C',
});
