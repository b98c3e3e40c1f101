import { open, stat } from 'node:fs/promises';
import type { ReadableFolder } from '../../clients/task-files/read-log.ts';

const LONGEST_READ_BYTES = 64 * 1024;

/** Files of this machine, read as agents have theirs read. */
export const LOCAL_FILES: ReadableFolder['files'] = {
  size: async (path) => (await stat(path)).size,
  read: async (path, offset, length = LONGEST_READ_BYTES) => {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(Math.max(0, Math.min(length, LONGEST_READ_BYTES, size - offset)));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
      return { data: buffer.subarray(0, bytesRead), size };
    } finally {
      await handle.close();
    }
  },
};
