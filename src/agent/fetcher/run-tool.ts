import { spawn } from 'node:child_process';
import { errorCode } from '../../runtime/error-message.ts';

const OUTPUT_LIMIT_BYTES = 64 * 1024;
/** Tools say first what is wrong, and then how to read about it. */
const SHOWN_LINES = 3;
const SHOWN_LENGTH = 500;

export interface ToolOptions {
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** What a person does about the program missing. */
  hint: string;
}

/** Runs a program of this machine; rejects with what it said when it fails. Gives what it printed. */
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
      const lines = `${errors.text}\n${output.text}`.split('\n').filter((line) => line.trim() !== '');
      const said = lines.slice(0, SHOWN_LINES).join('; ').slice(0, SHOWN_LENGTH);
      reject(new Error(`${program} ended with status ${code ?? 'unknown'}: ${said}`));
    });
  });

/** The beginning of a text. */
class BoundedText {
  text = '';

  add(chunk: Buffer): void {
    if (this.text.length < OUTPUT_LIMIT_BYTES) this.text += chunk.toString('utf8');
  }
}
