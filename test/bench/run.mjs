/** `npm run bench [-- NAME…]`: bundles main.ts and the programs that it starts, and runs it; nothing of it is kept. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, '..', '..', 'node_modules');
const folder = mkdtempSync(join(tmpdir(), 'plenum-bench-'));
const programs = readdirSync(here, { recursive: true }).filter((name) => /(^|-|\/)main\.ts$/.test(name));
try {
  await build({
    entryPoints: programs.map((name) => join(here, name)),
    entryNames: '[name]',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
    // Native modules are found through the absolute path of this project's copy.
    alias: { lmdb: join(modules, 'lmdb/index.js') },
    external: [join(modules, 'lmdb/*')],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await import(join(folder, 'main.mjs'));
} catch (error) {
  rmSync(folder, { recursive: true, force: true });
  throw error;
}
