import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Makes a root folder with a few of this machine's programs and the libraries that they need. Linux only. */
export const makeSmallRoot = (root: string, programs: readonly string[]): void => {
  for (const folder of ['proc', 'dev', 'sys', 'tmp', 'etc'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const program of programs) {
    const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
    const libraries = stdout.match(/\/\S+(?= \(0x)/g) ?? [];
    for (const file of [program, ...libraries]) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      copyFileSync(realpathSync(file), join(root, file));
    }
  }
};
