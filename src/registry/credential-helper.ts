import { spawn } from 'node:child_process';
import { errorCode } from '../runtime/error-message.ts';
import { ImageError, quoteStranger } from './image-error.ts';
import type { Credentials } from './registry-credentials.ts';

const TIMEOUT_MS = 30_000;
const OUTPUT_LIMIT_BYTES = 64 * 1024;
const NOT_FOUND = /credentials not found/i;

/**
 * Asks a program docker-credential-NAME for what it keeps for a registry: the registry's name goes to its standard input,
 * JSON with Username and Secret comes back. Undefined when it has nothing.
 */
export const askCredentialHelper = async (
  name: string,
  registry: string,
  signal: AbortSignal,
): Promise<Credentials | undefined> => {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new ImageError(`'${quoteStranger(name)}' is not the name of a credential helper`);
  }
  const program = `docker-credential-${name}`;
  const { code, output } = await run(program, registry, signal);
  if (code !== 0) {
    if (NOT_FOUND.test(output)) return undefined;
    throw new ImageError(`${program} failed for ${registry}: ${quoteStranger(output)}`);
  }
  const { username, secret } = understand(program, output);
  return username === '<token>'
    ? { type: 'identity-token', token: secret }
    : { type: 'password', username, password: secret };
};

const understand = (program: string, output: string): { username: string; secret: string } => {
  try {
    const { Username, Secret } = JSON.parse(output) as Record<string, unknown>;
    if (typeof Username === 'string' && typeof Secret === 'string') {
      return { username: Username, secret: Secret };
    }
  } catch {
    // Told below, without its text: it may hold the secret.
  }
  throw new ImageError(`${program} answered with something else than a user name and a secret`);
};

const run = (
  program: string,
  input: string,
  signal: AbortSignal,
): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (output.length < OUTPUT_LIMIT_BYTES) output += chunk.toString('utf8');
    });
    child.stdin.on('error', () => undefined);
    child.on('error', (error) =>
      reject(
        errorCode(error) === 'ENOENT' ? new ImageError(`The credential helper ${program} is missing`) : error,
      ),
    );
    child.on('close', (code) => resolve({ code, output }));
    child.stdin.end(input);
  });
