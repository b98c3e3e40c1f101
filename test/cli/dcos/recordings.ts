import { readFileSync } from 'node:fs';
import type { Overrides } from './stand-in.ts';

export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One call of the original: what was typed, and all that came of it. */
export interface Recording {
  /** Unique: file and place in it. */
  readonly name: string;
  /** As typed into a shell. */
  readonly command: string;
  readonly input: string | undefined;
  readonly overrides: Overrides;
  readonly env: Readonly<Record<string, string>>;
  /** Undefined where it did not end by itself. */
  readonly code: number | undefined;
  readonly stdout: string;
  /** The recording holds the beginning of what was printed. */
  readonly isCut: boolean;
  readonly stderr: string;
  readonly requests: readonly RecordedRequest[];
}

const HEAD = /^(.*?)(?:<<<(.*?))?\s*(?: CTL (\{.*?\}))?\s*(?:ENV (\{.*\}))?\s*$/;
const REQUEST = /^ {2}> (\S+) (.*) \| [^{]*(\{.*?\}) ?(.*)$/;

/** The recordings of a file `obsN.txt`. */
export const readRecordings = (file: string): Recording[] => {
  const text = readFileSync(new URL(`../fixtures/dcos/${file}.txt`, import.meta.url), 'utf8');
  return text
    .split('=================== $ ')
    .slice(1)
    .map((block, index) => parseBlock(block, `${file}:${index + 1}`));
};

const parseBlock = (block: string, name: string): Recording => {
  const newline = block.indexOf('\n');
  const [, command = '', input, overrides = '{}', env = '{}'] = HEAD.exec(block.slice(0, newline)) ?? [];
  const rest = block.slice(newline + 1);
  const stdout = sectionOf(rest, 'stdout');
  const code = /^rc = (-?\d+)$/m.exec(rest)?.[1];
  return {
    name,
    command: command.trim(),
    input: input === undefined ? undefined : `${input.replaceAll('\\n', '\n').trimEnd()}\n`,
    overrides: JSON.parse(overrides),
    env: JSON.parse(env),
    code: code === undefined ? undefined : Number(code),
    // The recorder ended every section with a newline of its own.
    stdout: stdout.replace(/\n$/, ''),
    isCut: stdout !== '' && !stdout.endsWith('\n\n'),
    stderr: sectionOf(rest, 'stderr'),
    requests: rest.split('\n').flatMap(parseRequest),
  };
};

const sectionOf = (text: string, name: string): string =>
  new RegExp(`^--${name}--\\n([\\s\\S]*?)(?=^--|^ {2}> |(?![\\s\\S]))`, 'm').exec(text)?.[1] ?? '';

const parseRequest = (line: string): RecordedRequest[] => {
  const [, method, target, headers = '{}', body = ''] = REQUEST.exec(line) ?? [];
  if (method === undefined || target === undefined) return [];
  return [{ method, target, headers: JSON.parse(headers.replaceAll("'", '"')), body }];
};
