import { spawn } from 'node:child_process';
import { errorCode } from '../../runtime/error-message.ts';

const OUTPUT_LIMIT_BYTES = 64 * 1024;

export interface ToolOptions {
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** What a person does about the program missing. */
  hint: string;
}

/** Runs a program of this machine; rejects with what it said last when it fails. Gives what it printed. */
export const runTool = (
  program: string,
  args: readonly string[],
  { cwd, env, signal, hint }: ToolOptions,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      ...(signal ? { signal } : {}),
    });
    const output = new BoundedText();
    const errors = new BoundedText();
    child.stdout.on('data', (chunk: Buffer) => output.add(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.add(chunk));
    child.on('error', (error) =>
      reject(errorCode(error) === 'ENOENT' ? new Error(`${program} is not on the PATH: ${hint}`) : error),
    );
    child.on('close', (code) => {
      if (code === 0) return resolve(output.text);
      const said = `${errors.text}\n${output.text}`.trim().split('\n').slice(-5).join('; ');
      reject(new Error(`${program} ended with status ${code ?? 'unknown'}: ${said}`));
    });
  });

/** The end of a text: what a program says last tells why it failed. */
class BoundedText {
  text = '';

  add(chunk: Buffer): void {
    this.text = `${this.text}${chunk.toString('utf8')}`.slice(-OUTPUT_LIMIT_BYTES);
  }
}
