/**
 * Builds everything that runs into dist/: one file per server, the command line in its parts, and the dashboard. `npm run build`.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildCommandLine } from './src/bundling/command-line.mjs';
import { fillCodeCaches } from './src/bundling/fill-code-caches.mjs';
import { lateBuiltinsPlugin } from './src/bundling/late-builtins.mjs';
import { BUNDLE, dist, root } from './src/bundling/options.mjs';
import { PACKAGE_PARTS } from './src/bundling/package-parts.mjs';

/** Name to entry. Each exports `main(args)`, which bin/loader.cjs calls; the simulator is loaded by the command line. */
const SERVERS = {
  'control-plane': 'src/daemons/control-plane-main.ts',
  agent: 'src/daemons/agent-main.ts',
  router: 'src/daemons/router-main.ts',
  service: 'src/daemons/service-main.ts',
  server: 'src/daemons/server-main.ts',
  simulation: 'src/simulation/program.ts',
};

/** V8 keeps a text with one letter beyond Latin-1 in twice the memory, and esbuild leaves those in regular expressions. */
function escapeNonAscii(file) {
  const text = readFileSync(file, 'utf8');
  const escaped = text.replace(
    /[^\0-\x7f]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (escaped !== text) writeFileSync(file, escaped);
}

async function buildPrograms() {
  const [commandLine] = await Promise.all([
    buildCommandLine(),
    build({ ...BUNDLE, entryPoints: SERVERS }),
    build({ ...BUNDLE, ...PACKAGE_PARTS }),
    build({
      ...BUNDLE,
      entryPoints: { completion: 'src/cli/completion/completion-main.ts' },
      plugins: [lateBuiltinsPlugin],
    }),
  ]);
  const others = [SERVERS, PACKAGE_PARTS.entryPoints, { completion: '' }].flatMap((names) =>
    Object.keys(names),
  );
  for (const name of [...commandLine, ...others]) escapeNonAscii(join(dist, `${name}.cjs`));
}

async function buildDashboard() {
  const source = join(root, 'src/dashboard');
  if (!existsSync(join(source, 'main.tsx'))) return;
  await build({
    entryPoints: { dashboard: join(source, 'main.tsx') },
    outdir: join(dist, 'dashboard'),
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
  });
  writeFileSync(join(dist, 'dashboard', 'index.html'), readFileSync(join(source, 'index.html')));
}

/** oclif reads names, flags and help from a manifest, so that no command is loaded but the one that runs. */
async function writeManifest(packageJson) {
  const { oclif, name, version, description } = packageJson;
  const target = { strategy: 'explicit', target: './cli.cjs', identifier: 'COMMANDS' };
  const built = { name, version, description, type: 'commonjs', oclif: { ...oclif, commands: target } };
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(built, null, 2)}\n`);
  if (!existsSync(join(dist, 'cli.cjs'))) return;
  const { Plugin } = createRequire(import.meta.url)('@oclif/core');
  const plugin = new Plugin({ root: dist, type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
  await plugin.load();
  writeFileSync(join(dist, 'oclif.manifest.json'), JSON.stringify(plugin.manifest));
}

/** What is made of the commands: what can be typed, for completing, which loads no command; the reference, a page for man. */
function writeDescribedFiles({ version }) {
  if (!existsSync(join(dist, 'cli.cjs'))) return;
  const { describedFiles } = createRequire(import.meta.url)(join(dist, 'cli.cjs'));
  for (const [name, text] of Object.entries(describedFiles(version))) writeFileSync(join(dist, name), text);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
await Promise.all([buildPrograms(), buildDashboard()]);
cpSync(join(root, 'src/simulation/scenarios'), join(dist, 'scenarios'), { recursive: true });
cpSync(join(root, 'src/cli/completion/shells'), join(dist, 'shells'), { recursive: true });
cpSync(join(root, 'src/cli/guides'), join(dist, 'guides'), { recursive: true });
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
await writeManifest(packageJson);
writeDescribedFiles(packageJson);
await fillCodeCaches();
