import { createHash } from 'node:crypto';
import { access, lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const WRITABLE_BY_OTHERS = 0o022;
/** Versions that may be another file tomorrow. */
const MOVING_VERSION = /SNAPSHOT$|^(LATEST|RELEASE)$/;

/**
 * Which files of the local repository coordinates stand for, kept for all agents of this user and for their next lives:
 * to find out again takes mvn seconds, and a released version never changes. Answers that are not to be trusted (the
 * folder is not this user's alone, a file has gone) are none.
 */
export class ResolvedArtifacts {
  readonly #folder = join(tmpdir(), `plenum-maven-${userInfo().uid}`);

  async recall(version: string, key: string): Promise<string[] | undefined> {
    if (MOVING_VERSION.test(version)) return undefined;
    try {
      await this.#checkFolder();
      const files: unknown = JSON.parse(await readFile(this.#fileOf(key), 'utf8'));
      if (!Array.isArray(files) || !files.every((file) => typeof file === 'string')) return undefined;
      await Promise.all(files.map((file) => access(file)));
      return files;
    } catch {
      return undefined;
    }
  }

  /** Never rejects: who cannot remember asks mvn again. */
  async remember(version: string, key: string, files: readonly string[]): Promise<void> {
    if (MOVING_VERSION.test(version)) return;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await this.#checkFolder();
      const path = this.#fileOf(key);
      await writeFile(`${path}.${process.pid}`, JSON.stringify(files), { mode: 0o600 });
      await rename(`${path}.${process.pid}`, path);
    } catch {
      return;
    }
  }

  async #checkFolder(): Promise<void> {
    const folder = await lstat(this.#folder);
    if (!folder.isDirectory() || folder.uid !== userInfo().uid || (folder.mode & WRITABLE_BY_OTHERS) !== 0) {
      throw new Error(`${this.#folder} is not this user's alone`);
    }
  }

  #fileOf(key: string): string {
    return join(this.#folder, createHash('sha256').update(key).digest('hex'));
  }
}
