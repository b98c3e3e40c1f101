import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { type Clock, pause } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import { guardFlow } from './guard-flow.ts';
import { ImageError } from './image-error.ts';
import type { ImageLimits } from './image-limits.ts';
import type { Descriptor } from './manifest.ts';
import { RegistryBusyError, type RegistrySession } from './registry-session.ts';

export interface BlobDownload {
  readonly session: RegistrySession;
  readonly descriptor: Descriptor;
  /** Path of the file to write. */
  readonly target: string;
  readonly clock: Clock;
  readonly limits: ImageLimits;
  readonly signal: AbortSignal;
}

const LONGEST_WAIT_MS = 30_000;

/**
 * Downloads a blob into a file. A transfer that breaks is taken up where it ended, so long as something comes; the size
 * is checked while it arrives, the digest at the end. On any failure nothing is left of the file.
 */
export const downloadBlob = async (options: BlobDownload): Promise<void> => {
  const { descriptor, target, limits } = options;
  if (descriptor.size > limits.blobBytes) {
    throw new ImageError(`A layer of ${descriptor.size} bytes is larger than ${limits.blobBytes}`);
  }
  const file = await open(target, 'w', 0o600);
  try {
    const hash = await receive(options, file);
    const hex = hash.digest('hex');
    if (hex !== descriptor.digest.hex) {
      throw new ImageError(
        `The blob ${descriptor.digest.text} has another digest: ${descriptor.digest.algorithm}:${hex}`,
      );
    }
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  } finally {
    await file.close();
  }
};

interface Progress {
  bytes: number;
  hash: Hash;
}

const receive = async (options: BlobDownload, file: FileHandle): Promise<Hash> => {
  const { descriptor, clock, limits, signal } = options;
  const { algorithm, text } = descriptor.digest;
  const progress: Progress = { bytes: 0, hash: createHash(algorithm) };
  for (let failures = 0; ; ) {
    const before = progress.bytes;
    let waitMs = limits.retryMs * 2 ** failures;
    let problem: string;
    try {
      await transfer(options, file, progress);
      if (progress.bytes === descriptor.size) return progress.hash;
      problem = `it ended after ${progress.bytes} of ${descriptor.size} bytes`;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ImageError) throw error;
      problem = errorMessage(error);
      if (error instanceof RegistryBusyError) waitMs = error.retryAfterMs ?? waitMs;
    }
    // A little at a time is progress as well, but must not go on for ever.
    failures = progress.bytes - before >= limits.stallBytes ? 1 : failures + 1;
    if (failures >= limits.attempts) throw new Error(`The blob ${text} cannot be downloaded: ${problem}`);
    await pause(clock, Math.min(waitMs, LONGEST_WAIT_MS));
    signal.throwIfAborted();
  }
};

const transfer = async (options: BlobDownload, file: FileHandle, progress: Progress): Promise<void> => {
  const { session, descriptor, clock, limits, signal } = options;
  const stream = await session.openBlob(descriptor.digest, progress.bytes, signal);
  if (progress.bytes > 0 && !continues(stream, progress.bytes)) {
    progress.bytes = 0;
    progress.hash = createHash(descriptor.digest.algorithm);
    await file.truncate(0);
  }
  for await (const chunk of guardFlow(stream, { clock, limits })) {
    if (progress.bytes + chunk.length > descriptor.size) {
      throw new ImageError(
        `The blob ${descriptor.digest.text} is longer than the ${descriptor.size} bytes it should have`,
      );
    }
    await writeAll(file, chunk, progress.bytes);
    progress.hash.update(chunk);
    progress.bytes += chunk.length;
  }
};

const writeAll = async (file: FileHandle, chunk: Buffer, position: number): Promise<void> => {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
};

/** Whether an answer goes on where the last one ended; a registry that knows no ranges begins anew. */
const continues = (
  { status, headers }: { status: number; headers: { 'content-range'?: string | undefined } },
  offset: number,
): boolean => status === 206 && (headers['content-range'] ?? '').startsWith(`bytes ${offset}-`);
