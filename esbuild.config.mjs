/**
 * Builds everything that runs into dist/: one file per program (the CLI, the daemons) and the dashboard. `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');

/** Program name to entry. Each exports `main(args)`, which bin/loader.cjs calls; the simulator is loaded by the command line. */
const PROGRAMS = {
  cli: 'src/cli/main.ts',
  completion: 'src/cli/completion/completion-main.ts',
  'control-plane': 'src/daemons/control-plane-main.ts',
  agent: 'src/daemons/agent-main.ts',
  router: 'src/daemons/router-main.ts',
  service: 'src/daemons/service-main.ts',
  server: 'src/daemons/server-main.ts',
  simulation: 'src/simulation/program.ts',
};

/** The module `plenum:commands`: every command by its id, loaded when it is asked for and not before. */
const commandsPlugin = {
  name: 'commands',
  setup(builder) {
    builder.onResolve({ filter: /^plenum:commands$/ }, ({ path }) => ({ path, namespace: 'commands' }));
    builder.onLoad({ filter: /.*/, namespace: 'commands' }, () => ({
      contents: commandsModule(),
      resolveDir: root,
      loader: 'js',
    }));
  },
};

function commandsModule() {
  const getters = commandFiles(join(root, 'commands')).map((file) => {
    const path = relative(root, file);
    const id = relative(join(root, 'commands'), file)
      .replace(/\.ts$/, '')
      .replace(/\/index$/, '')
      .replaceAll('/', ':');
    return `  get ${JSON.stringify(id)}() { return require(${JSON.stringify(`./${path}`)}).default; },`;
  });
  return `export const COMMANDS = {\n${getters.join('\n')}\n};\n`;
}

function commandFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return commandFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/**
 * What oclif loads at its start and this program never uses: the search for command files, which are known beforehand, and
 * debug output of its own. Together they are some 4 ms of every start.
 */
const leftOutPlugin = {
  name: 'left-out',
  setup(builder) {
    builder.onResolve({ filter: /^(debug|tinyglobby)$/ }, ({ path, importer }) =>
      importer.includes('@oclif') ? { path, namespace: 'left-out' } : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: 'module.exports = () => () => undefined;',
      loader: 'js',
    }));
  },
};

/**
 * What a module of oclif requires is loaded where it is used, not with the module: a command needs the parser, and none of
 * what prints errors and help, which is a quarter of its start. Its modules use what they require by its members alone.
 */
const lazyOclifPlugin = {
  name: 'lazy-oclif',
  setup(builder) {
    builder.onLoad({ filter: /@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, ({ path }) => ({
      contents: withLazyRequires(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
};

const REQUIRE = /^(?:const|var) (\w+) = ((?:__import(?:Default|Star)\()?require\("[^"]+"\)\)?);$/gm;

function withLazyRequires(source) {
  let lazy = source;
  for (const [line, name, call] of source.matchAll(REQUIRE)) {
    const uses = source.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
    const members = source.match(new RegExp(`\\b${name}\\.`, 'g'))?.length ?? 0;
    if (uses !== members + 1) continue;
    lazy = lazy.replace(line, '').replace(new RegExp(`\\b${name}\\.`, 'g'), `(${call}).`);
  }
  return lazy;
}

/**
 * Parts of Node.js that take long to load: node:https alone is a fifth of the time of a short command, and one that asks
 * a cluster on its own machine has no use for it.
 */
const LATE_BUILTINS = [
  'node:child_process',
  'node:crypto',
  'node:fs/promises',
  'node:http',
  'node:https',
  'node:net',
  'node:os',
  'node:readline',
  'node:stream',
  'node:stream/promises',
  'node:tls',
  'node:zlib',
];

/** What the project's own modules import of these is loaded when it is first used, and not with the module. */
const lateBuiltinsPlugin = {
  name: 'late-builtins',
  setup(builder) {
    builder.onResolve({ filter: /^node:/ }, ({ path, importer, namespace }) =>
      LATE_BUILTINS.includes(path) && namespace === 'file' && !importer.includes('node_modules')
        ? { path, namespace: 'late-builtin' }
        : { path, external: true },
    );
    builder.onLoad({ filter: /.*/, namespace: 'late-builtin' }, ({ path }) => ({
      contents: lateModule(path),
      loader: 'js',
    }));
  },
};

/** What imports it finds every export in its prototype, and loads the module with the first one. */
function lateModule(path) {
  return `let loaded;
const get = (_, name) => (name === '__esModule' ? undefined : (loaded ??= require(${JSON.stringify(path)}))[name]);
module.exports = Object.create(new Proxy({}, { get }));
`;
}

/**
 * Packages that few commands use are bundles of their own: the time until the command line's first line runs grows with
 * the size of its bundle, used or not. bin/loader.cjs gives each its code cache.
 */
const PARTS = {
  archives: ['tar', 'yauzl'],
  documents: ['yaml'],
  help: [
    'cli-spinners',
    'ejs',
    'lilconfig',
    'minimatch',
    'string-width',
    'widest-line',
    'wrap-ansi',
    'wsl-utils',
  ],
  queries: ['json-p3'],
  questions: ['@inquirer/core'],
  validation: ['ajv', 'ajv-formats'],
};

const partOf = (name) => `part-${name}`;

/** Puts what loads a part in the place of its packages. */
const partsPlugin = {
  name: 'parts',
  setup(builder) {
    builder.onResolve({ filter: /^[@a-z]/ }, ({ path }) => {
      const part = Object.keys(PARTS).find((name) => PARTS[name].includes(path));
      return part && { path, namespace: 'part', pluginData: part };
    });
    builder.onResolve({ filter: /^\.\/part-/ }, ({ path }) => ({ path, external: true }));
    builder.onLoad({ filter: /.*/, namespace: 'part' }, ({ path, pluginData }) => ({
      contents: `module.exports = require("./${partOf(pluginData)}.cjs")[${JSON.stringify(path)}];`,
      loader: 'js',
    }));
  },
};

/** What a part is made of: its packages by their names. */
const partEntriesPlugin = {
  name: 'part-entries',
  setup(builder) {
    builder.onResolve({ filter: /^part:/ }, ({ path }) => ({ path, namespace: 'part-entry' }));
    builder.onLoad({ filter: /.*/, namespace: 'part-entry' }, ({ path }) => {
      const getters = PARTS[path.slice('part:'.length)].map(
        (name) => `  get ${JSON.stringify(name)}() { return require(${JSON.stringify(name)}); },`,
      );
      return { contents: `module.exports = {\n${getters.join('\n')}\n};\n`, resolveDir: root, loader: 'js' };
    });
  },
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

const BUNDLE = {
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  // lmdb carries a native library, which stays where npm put it.
  external: ['lmdb'],
  banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
  define: { 'import.meta.url': 'importMetaUrl' },
};

async function buildPrograms() {
  const { cli, completion, ...servers } = PROGRAMS;
  const parts = Object.fromEntries(Object.keys(PARTS).map((name) => [partOf(name), `part:${name}`]));
  await Promise.all([
    build({ ...BUNDLE, entryPoints: servers }),
    build({ ...BUNDLE, entryPoints: parts, plugins: [partEntriesPlugin] }),
    build({
      ...BUNDLE,
      entryPoints: { cli, completion },
      plugins: [commandsPlugin, leftOutPlugin, lazyOclifPlugin, partsPlugin, lateBuiltinsPlugin],
    }),
  ]);
  for (const name of [...Object.keys(PROGRAMS), ...Object.keys(parts)])
    escapeNonAscii(join(dist, `${name}.cjs`));
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
if (existsSync(join(dist, 'cli.cjs'))) {
  // The first run leaves V8's code cache behind, so that a user's first run is as fast as every later one. It asks a cluster,
  // as most runs do, so that what that compiles is in the cache; nobody listens there.
  spawnSync(process.execPath, [join(root, 'bin/plenum'), 'task', 'list', '--cluster', 'http://127.0.0.1:9'], {
    stdio: 'ignore',
  });
}
