import { execFileSync } from 'node:child_process';
import { type PlenumResult, runPlenum } from '../run-plenum.ts';
import type { Recording } from './recordings.ts';
import type { StandIn } from './stand-in.ts';

export interface Surroundings {
  readonly standIn: StandIn;
  /** Where commands are typed; they find and leave files there. */
  readonly folder: string;
  /** Of clusters that are known: the stand-in, by the name my-cluster. */
  readonly home: string;
  /** Where no cluster is known. */
  readonly emptyHome: string;
}

/** Does with Plenum what was done with the original: a line of a shell with one or more calls of it. */
export const perform = async (recorded: Recording, surroundings: Surroundings): Promise<PlenumResult> => {
  const { standIn, folder } = surroundings;
  standIn.override(recorded.overrides);
  const before = process.cwd();
  // Files are named as they were.
  process.chdir(folder);
  try {
    return await performParts(recorded, surroundings);
  } finally {
    process.chdir(before);
  }
};

const performParts = async (recorded: Recording, surroundings: Surroundings): Promise<PlenumResult> => {
  const { standIn, folder } = surroundings;
  let result: PlenumResult = { code: 0, stdout: '', stderr: '' };
  for (const [part, isAlways] of partsOf(recorded.command)) {
    if (result.code !== 0 && !isAlways) break;
    const [call = '', filter] = part.split(/ *\| */, 2);
    const done = call.startsWith('dcos ')
      ? await withProcessOutput(() =>
          runPlenum(words(call, surroundings).slice(1), {
            env: environment(recorded, surroundings),
            ...(recorded.input === undefined ? {} : { input: recorded.input }),
            ...(recorded.code === undefined ? { signal: atSecondStream(standIn) } : {}),
          }),
        )
      : { code: 0, stdout: shell(part, folder), stderr: '' };
    const isFiltered = filter !== undefined && call.startsWith('dcos ');
    const stdout = isFiltered ? shell(filter, folder, done.stdout) : done.stdout;
    result = { code: done.code, stdout: result.stdout + stdout, stderr: result.stderr + done.stderr };
  }
  return result;
};

/** What is passed on as bytes, or printed by the library of help, goes to the process's own output. */
const withProcessOutput = async (run: () => Promise<PlenumResult>): Promise<PlenumResult> => {
  let text = '';
  const { write } = process.stdout;
  process.stdout.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const done = rest.find((one) => typeof one === 'function');
    if (typeof done === 'function') done();
    return true;
  };
  try {
    const result = await run();
    return { ...result, stdout: result.stdout + text };
  } finally {
    process.stdout.write = write;
  }
};

/** With whether it is done even when what stands before it failed. */
const partsOf = (line: string): [string, boolean][] =>
  line
    .split('; ')
    .flatMap((list, at) =>
      list.split(' && ').map((part, index): [string, boolean] => [part, at > 0 && index === 0]),
    );

const words = (call: string, { standIn, folder }: Surroundings): string[] =>
  (call.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []).map((word) =>
    word
      .replace(/'([^']*)'|"([^"]*)"/g, (_, single = '', double = '') => `${single}${double}`)
      .replaceAll('@URL@', standIn.url)
      .replaceAll('@DIR@/w', folder)
      .replaceAll('@DIR@', folder),
  );

const environment = (
  { env: { HOME: home, ...env } }: Recording,
  { home: known, emptyHome }: Surroundings,
): Record<string, string> => ({ PLENUM_HOME: home === undefined ? known : emptyHome, ...env });

const shell = (command: string, cwd: string, input = ''): string =>
  execFileSync('sh', ['-c', command], { cwd, input, encoding: 'utf8' });

/** Whoever follows a stream asks again when it ends: by then he has printed all of it. */
export const atSecondStream = ({ requests }: Pick<StandIn, 'requests'>): AbortSignal => {
  const controller = new AbortController();
  const streams = new Set<string>();
  const push = requests.push.bind(requests);
  requests.push = (...more) => {
    for (const { target, headers } of more) {
      if (headers.accept !== 'text/event-stream') continue;
      if (streams.has(target)) controller.abort();
      streams.add(target);
    }
    return push(...more);
  };
  return controller.signal;
};
