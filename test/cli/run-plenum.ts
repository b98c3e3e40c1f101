import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { CommandClass } from '../../src/cli/base-command.ts';
import { CliConfig, type ProgramFacts } from '../../src/cli/cli-config.ts';
import type { Output, Terminal } from '../../src/cli/output/terminal.ts';
import { runCli } from '../../src/cli/run-cli.ts';

const folder = join(process.cwd(), 'commands');

/** Every command by its id, as the build finds them. */
export const loadCommands = async (): Promise<Record<string, CommandClass>> => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const entries = files.sort().map(async (file) => {
    const id = relative('.', file)
      .replace(/\.ts$/, '')
      .replace(/\/index$/, '')
      .replaceAll('/', ':');
    const module = (await import(join(folder, file))) as { default: CommandClass };
    return [id, module.default] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
};

export interface PlenumOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Both outputs are terminals; so is standard input when there is none to read. */
  readonly isTty?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** What is typed, key by key, once a question is asked. */
  readonly keys?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface PlenumResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, with everything that it prints collected. */
export const runPlenum = async (
  args: readonly string[],
  {
    env = {},
    input,
    isTty = false,
    columns = 80,
    rows,
    signal = new AbortController().signal,
    keys,
  }: PlenumOptions = {},
): Promise<PlenumResult> => {
  const text = { stdout: '', stderr: '' };
  const output = (name: keyof typeof text): Output => ({
    write: (piece) => {
      text[name] += piece;
    },
    isTty,
    hasColor: isTty,
    columns: isTty ? columns : Number.POSITIVE_INFINITY,
    rows,
  });
  const stdin = Object.assign(keys ? new PassThrough() : Readable.from([input ?? '']), {
    isTTY: isTty && input === undefined,
  });
  const questionOutput = new PassThrough();
  questionOutput.on('data', (piece) => {
    text.stderr += piece;
  });
  if (keys && stdin instanceof PassThrough) questionOutput.once('data', () => typeInto(stdin, keys));
  const terminal: Terminal = {
    out: output('stdout'),
    err: output('stderr'),
    stdin,
    questionOutput,
    env,
    signal,
  };
  const pjson = {
    name: 'plenum',
    version: '1.2.3',
    oclif: { bin: 'plenum', topicSeparator: ' ' },
  } as ProgramFacts;
  const config = new CliConfig({ root: process.cwd(), pjson, terminal });
  const code = await runCli({ args, commands: await loadCommands(), config });
  return { code, ...text };
};

/** A question is drawn before it listens, and draws itself anew after every key. */
const typeInto = (stdin: PassThrough, [key, ...rest]: readonly string[]): void => {
  if (key === undefined) return;
  setImmediate(() => {
    stdin.write(key);
    typeInto(stdin, rest);
  });
};
