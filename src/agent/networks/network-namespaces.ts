import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findHostPrograms, requireProgram } from '../processes/host-programs.ts';

const FOLDER = '/run/netns';
const LONGEST_MS = 60_000;

/**
 * The network namespaces of an agent's containers, as `ip netns` makes and shows them: they are there before the container
 * has a process, and an operator can look into them with the usual programs.
 */
export class NetworkNamespaces {
  readonly #agent: string;
  readonly #ip = requireProgram(findHostPrograms(), 'ip');

  /** `agent` is the work folder. */
  constructor(agent: string) {
    this.#agent = agent;
  }

  /** Its file. */
  pathOf(ownerId: string): string {
    return join(FOLDER, this.#nameOf(ownerId));
  }

  isThere(ownerId: string): boolean {
    return existsSync(this.pathOf(ownerId));
  }

  /** With the loopback device up, and nothing else. */
  async make(ownerId: string): Promise<void> {
    const name = this.#nameOf(ownerId);
    await this.remove(ownerId);
    await run(this.#ip, ['netns', 'add', name]);
    await run(this.#ip, ['-n', name, 'link', 'set', 'lo', 'up']);
  }

  async remove(ownerId: string): Promise<void> {
    if (this.isThere(ownerId)) await run(this.#ip, ['netns', 'delete', this.#nameOf(ownerId)]);
  }

  #nameOf(ownerId: string): string {
    const text = `${this.#agent}\0${ownerId}`;
    return `plenum-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  }
}

const run = (program: string, args: readonly string[]) =>
  promisify(execFile)(program, args, { timeout: LONGEST_MS, killSignal: 'SIGKILL' });
