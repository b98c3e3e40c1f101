import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { LayerEntry } from './build-image.ts';

const BUSYBOX = '/bin/busybox';
const TOOLS = ['sh', 'cat', 'echo', 'env', 'id', 'sleep', 'pwd', 'ls', 'touch', 'test'];

/**
 * A layer with a shell and a few tools: Debian's static busybox where it is installed, else the machine's own programs
 * with the libraries that they need.
 */
export const shellLayer = (): LayerEntry[] => [
  ...['bin', 'etc', 'tmp', 'proc', 'sys', 'dev', 'usr', 'srv'].map((path) => ({
    path,
    type: 'Directory' as const,
  })),
  ...(isStaticBusybox() ? busybox() : ownPrograms()),
];

const isStaticBusybox = (): boolean => {
  if (!existsSync(BUSYBOX)) return false;
  const { stdout, stderr } = spawnSync('ldd', [BUSYBOX], { encoding: 'utf8' });
  return /not a dynamic executable|statically linked/.test(`${stdout}${stderr}`);
};

const busybox = (): LayerEntry[] => [
  { path: 'bin/busybox', content: readFileSync(BUSYBOX), mode: 0o755 },
  ...TOOLS.map((name) => ({ path: `bin/${name}`, type: 'SymbolicLink' as const, linkpath: 'busybox' })),
];

const ownPrograms = (): LayerEntry[] => {
  const files = new Map<string, LayerEntry>();
  const add = (path: string, source: string): void => {
    files.set(path, { path, content: readFileSync(source), mode: 0o755 });
  };
  for (const name of TOOLS) {
    const source = [`/bin/${name}`, `/usr/bin/${name}`].find((path) => existsSync(path));
    if (source === undefined) continue;
    add(`bin/${name}`, source);
    for (const [, library = ''] of execFileSync('ldd', [source], { encoding: 'utf8' }).matchAll(
      /(\/\S+)\s+\(0x/g,
    )) {
      add(library.slice(1), library);
    }
  }
  const folders = new Set<string>();
  for (const path of files.keys()) {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) folders.add(parts.slice(0, depth).join('/'));
  }
  return [...[...folders].map((path) => ({ path, type: 'Directory' as const })), ...files.values()];
};
