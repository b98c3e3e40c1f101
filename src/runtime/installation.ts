import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that Plenum is installed in: the one that holds bin/, dist/, schemas/ and universe/. */
export const installationFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'bin', 'plenum'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The installation is incomplete: bin/plenum is missing');
    folder = parent;
  }
  return folder;
};
