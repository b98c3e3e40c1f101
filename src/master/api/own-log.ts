import { type FileHandle, open } from 'node:fs/promises';
import { basename, normalize } from 'node:path';
import { HttpError } from '../../http/http-error.ts';
import type { OpenFile } from '../../http/send-open-file.ts';
import { MAX_READ_BYTES } from '../../mesos/v0/files-query.ts';
import { type FilePiece, readPiece } from '../../runtime/read-piece.ts';
import { forbidden } from './authorize.ts';

/** The only file that a master shows (mesos.md 3.11). */
const MASTER_LOG = '/master/log';

/**
 * The master's own log under its virtual path, where it is kept in a file. `mayRead` says whether who asks may read it: else
 * it is refused with HttpError 403, as any other path is with 404.
 */
export class OwnLog {
  readonly #file: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** The virtual path and the real one behind it. */
  names(mayRead: boolean): Record<string, string> {
    return this.#file === undefined || !mayRead ? {} : { [MASTER_LOG]: this.#file };
  }

  /** A file has no entries. */
  list(path: string, mayRead: boolean): [] {
    this.#demand(path, mayRead, '');
    return [];
  }

  /** At most MAX_READ_BYTES. */
  async read(
    path: string,
    { offset, length = MAX_READ_BYTES, mayRead }: { offset: number; length?: number; mayRead: boolean },
  ): Promise<FilePiece> {
    const file = await this.#open(path, mayRead, '');
    try {
      return await readPiece(file, { offset, length: Math.min(length, MAX_READ_BYTES) });
    } finally {
      await file.close();
    }
  }

  /** To be closed by who asks. */
  async open(path: string, mayRead: boolean): Promise<OpenFile> {
    const file = await this.#open(path, mayRead, '404 Not Found.');
    const { size } = await file.stat();
    return { file, size, name: basename(MASTER_LOG) };
  }

  async #open(path: string, mayRead: boolean, missing: string): Promise<FileHandle> {
    const place = this.#demand(path, mayRead, missing);
    // A log that was taken away is as good as none.
    return open(place, 'r').catch(() => {
      throw new HttpError(404, missing);
    });
  }

  #demand(path: string, mayRead: boolean, missing: string): string {
    if (this.#file === undefined || normalize(path) !== MASTER_LOG) throw new HttpError(404, missing);
    if (!mayRead) throw forbidden();
    return this.#file;
  }
}
