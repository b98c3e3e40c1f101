import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { request } from '../../../src/http/client.ts';
import { onTestEnd } from '../../master/support/cluster.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Bundles marathon-program into one file that plain Node.js runs; it is the caller's to remove. */
export const buildMarathonProgram = async (): Promise<string> => {
  // Beside the dependencies, so that the native one is found.
  const file = join(process.cwd(), 'node_modules', '.cache', `marathon-${randomUUID()}.cjs`);
  await build({
    entryPoints: [join(process.cwd(), 'test/marathon/real/marathon-program.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['lmdb'],
    logLevel: 'error',
  });
  return file;
};

/** A Marathon in a process that can be killed, and started again over the same files. It ends with the test. */
export class MarathonProcess {
  readonly #program: string;
  readonly #masterUrl: string;
  readonly #folder: string;
  readonly #role: string;
  #life: { child: ChildProcess; url: string } | undefined;

  private constructor(options: { program: string; masterUrl: string; folder: string; role: string }) {
    this.#program = options.program;
    this.#masterUrl = options.masterUrl;
    this.#folder = options.folder;
    this.#role = options.role;
  }

  static async start(options: {
    program: string;
    masterUrl: string;
    role?: string;
  }): Promise<MarathonProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'plenum-marathon-'));
    const marathon = new MarathonProcess({ role: '*', ...options, folder });
    onTestEnd(async () => {
      await marathon.kill();
      await rm(folder, { recursive: true, force: true });
    });
    await marathon.start();
    return marathon;
  }

  async start(): Promise<void> {
    const { NODE_EXTRA_CA_CERTS: _slow, ...env } = process.env;
    const args = [this.#program, this.#masterUrl, this.#folder, this.#role];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
    const said = once(child.stdout, 'data');
    const first = await Promise.race([said, once(child, 'exit').then(() => undefined)]);
    if (!first) throw new Error('Marathon ended before it had registered');
    this.#life = { child, url: String(first[0]).trim() };
  }

  /** kill -9; resolves when it is dead. */
  async kill(): Promise<void> {
    const child = this.#life?.child;
    this.#life = undefined;
    if (child === undefined) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** The answer to a request, whatever its status. */
  async ask(method: string, path: string, document?: object): Promise<{ status: number; body: unknown }> {
    const { status, body } = await request({
      method,
      url: `${this.#life?.url}${path}`,
      ...(document
        ? { body: JSON.stringify(document), headers: { 'Content-Type': 'application/json' } }
        : {}),
    });
    const text = body.toString();
    return { status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** The body of an answer that has to be a good one. */
  async must<Answer>(method: string, path: string, document?: object): Promise<Answer> {
    const { status, body } = await this.ask(method, path, document);
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    return body as Answer;
  }

  deployed(): Promise<true> {
    return waitFor(
      'all deployments end',
      async () => (await this.must<unknown[]>('GET', '/v2/deployments')).length === 0 && (true as const),
      { timeoutMs: 60_000 },
    );
  }
}
