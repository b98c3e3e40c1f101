import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Runs a piece of work with a folder of its own below `scratchDir`, which is gone afterwards. */
export const withScratchFolder = async <Result>(
  scratchDir: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> => {
  await mkdir(scratchDir, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(scratchDir, 'part-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Writes what arrives to a new file, at most so many bytes; gives their SHA-256 in hexadecimal. */
export const download = async (
  pieces: AsyncIterable<Buffer>,
  { file, limitBytes }: { readonly file: string; readonly limitBytes: number },
): Promise<string> => {
  const output = await open(file, 'wx', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > limitBytes) throw new Error(`what it sends is larger than ${limitBytes} bytes`);
      hash.update(piece);
      await output.writeFile(piece);
    }
  } finally {
    await output.close();
  }
  return hash.digest('hex');
};
