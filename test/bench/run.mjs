/** `npm run bench`: bundles main.ts beside this script and runs it; nothing of it is kept. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'plenum-bench-'));
const outfile = join(folder, 'bench.mjs');
try {
  await build({
    entryPoints: [join(here, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  await import(outfile);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
