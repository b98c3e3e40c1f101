import type { FileHandle } from 'node:fs/promises';

export interface FilePiece {
  readonly data: Buffer;
  /** Of the whole file, in bytes. */
  readonly size: number;
}

/** At most so many bytes of an open file, from an offset on; beyond its end there are none. */
export const readPiece = async (
  file: FileHandle,
  { offset, length }: { offset: number; length: number },
): Promise<FilePiece> => {
  const { size } = await file.stat();
  const wanted = Math.max(0, Math.min(length, size - offset));
  const data = Buffer.alloc(wanted);
  const { bytesRead } = wanted > 0 ? await file.read(data, 0, wanted, offset) : { bytesRead: 0 };
  return { data: data.subarray(0, bytesRead), size };
};
