import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

export interface OpenFile {
  readonly file: FileHandle;
  /** Bytes that are told and sent: a file that grows meanwhile must not make the answer longer. */
  readonly size: number;
  readonly name: string;
}

/** Sends a file to be kept under its name, as far as the client reads, and closes it whatever happens. */
export const sendOpenFile = async (
  response: ServerResponse,
  { file, size, name }: OpenFile,
  contentType = 'application/octet-stream',
): Promise<void> => {
  try {
    response.writeHead(200, {
      'Content-Type': contentType,
      'Content-Disposition': `attachment; filename=${encodeURIComponent(name)}`,
      'Content-Length': String(size),
    });
    if (size === 0 || response.req.method === 'HEAD') return void response.end();
    await pipeline(file.createReadStream({ start: 0, end: size - 1, autoClose: false }), response);
  } finally {
    await file.close();
  }
};
