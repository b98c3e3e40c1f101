import { execFile } from 'node:child_process';
import { errorCode } from '../../../runtime/error-message.ts';

const LIMIT_MS = 15 * 60_000;
const LONGEST_OUTPUT = 4 * 1024 * 1024;

/** Runs the user's own client of a package registry, with their mirrors and logins. Rejects with what it said. */
export const runClient = (program: string, args: readonly string[], signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const options = { signal, timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: LONGEST_OUTPUT } as const;
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (!error) return resolve();
      if (errorCode(error) === 'ENOENT') return reject(new Error(`${program} is not on the PATH`));
      const [line = ''] = `${stderr}\n${stdout}`.split('\n').filter((text) => text.trim() !== '');
      reject(new Error(`${program}: ${line.slice(0, 300)}`));
    });
    child.stdin?.end();
  });
