import { readFile } from 'node:fs/promises';
import { request } from '../../http/client.ts';
import { errorCode, errorMessage } from '../../runtime/error-message.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Terminal } from '../output/terminal.ts';

/** A text that was given, and what to call the place it came from. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** The name of what was piped in. */
export const STANDARD_INPUT = 'standard input';

/** No document a person writes is longer. */
const LONGEST_BYTES = 16 * 1024 * 1024;
const MOST_REDIRECTS = 5;

/** Reads a file, a URL (http, https), or standard input when nothing or `-` is given. Throws CliError. */
export const readSource = async (given: string | undefined, terminal: Terminal): Promise<Source> => {
  if (given === undefined || given === '-') return readStandardInput(terminal);
  return /^https?:\/\//.test(given) ? download(given, terminal) : readLocalFile(given);
};

const readStandardInput = async ({ stdin }: Terminal): Promise<Source> => {
  if (stdin.isTTY) {
    throw new CliError('usage', 'Nothing was given, and standard input is a terminal', {
      hint: 'Name a file or a URL, or pipe the document in',
    });
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > LONGEST_BYTES) throw tooLong(STANDARD_INPUT);
    chunks.push(bytes);
  }
  return { name: STANDARD_INPUT, text: Buffer.concat(chunks).toString('utf8') };
};

const readLocalFile = async (path: string): Promise<Source> => {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw new CliError('not-found', `There is no file ${path}`);
    if (errorCode(error) === 'EISDIR') throw new CliError('usage', `${path} is a folder, not a file`);
    throw new CliError('failed', `${path} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  if (bytes.length > LONGEST_BYTES) throw tooLong(path);
  return { name: path, text: bytes.toString('utf8') };
};

/** Without the cluster's token: the address may be anybody's. */
const download = async (url: string, { signal }: Terminal): Promise<Source> => {
  let answer: Awaited<ReturnType<typeof request>>;
  try {
    answer = await request({ url, maxRedirects: MOST_REDIRECTS, signal });
  } catch (error) {
    throw new CliError('failed', `${url} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  if (answer.status === 404) throw new CliError('not-found', `There is nothing at ${url}`);
  if (answer.status !== 200) throw new CliError('failed', `${url} answered ${answer.status}`);
  if (answer.body.length > LONGEST_BYTES) throw tooLong(url);
  return { name: url, text: answer.body.toString('utf8') };
};

const tooLong = (name: string): CliError =>
  new CliError('usage', `${name} is longer than ${LONGEST_BYTES / 1024 / 1024} MiB`);
