import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { repositoryPieces } from '../universe/building/packages-for-release.ts';

/** A repository as it leaves: zipped, as clusters ask for it; it is unzipped for the few that do not. */
export interface PreparedAnswer {
  readonly zipped: Buffer;
  readonly bytes: number;
  readonly sha256: string;
}

/** Answers that are kept ready: releases by formats, and a few single packages. */
const MOST_KEPT = 40;

/**
 * Answers made of one state of a repository, each when it is first asked for. Making one goes package by package, so that
 * a large repository holds up no other request; whoever asks meanwhile waits for the same.
 */
export class PreparedAnswers {
  readonly #answers = new Map<string, Promise<PreparedAnswer>>();

  get(key: string, packages: () => Iterable<string>): Promise<PreparedAnswer> {
    const known = this.#answers.get(key);
    if (known) return known;
    const answer = prepare(packages());
    this.#answers.set(key, answer);
    answer.catch(() => this.#answers.delete(key));
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MOST_KEPT) break;
      this.#answers.delete(oldest);
    }
    return answer;
  }
}

const prepare = async (packages: Iterable<string>): Promise<PreparedAnswer> => {
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  let bytes = 0;
  const count = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      hash.update(piece);
      bytes += piece.length;
      done(null, piece);
    },
  });
  await pipeline(
    Readable.from(repositoryPieces(packages)),
    count,
    createGzip(),
    async (zipped: AsyncIterable<Buffer>) => {
      for await (const chunk of zipped) chunks.push(chunk);
    },
  );
  return { zipped: Buffer.concat(chunks), bytes, sha256: hash.digest('hex') };
};
