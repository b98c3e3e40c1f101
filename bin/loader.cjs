'use strict';
/**
 * Runs a bundle of dist/ through V8's code cache, which halves the time until its first line runs. The cache is written
 * by a run that had none it could use (a first run, another Node.js); where dist/ cannot be written, all still works.
 * V8 takes no cache that was made under other options, so each set of options has its own.
 */
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const dist = path.join(__dirname, '..', 'dist');
/** By then a server has done a bit of everything that it does at its start. */
const WRITE_CACHE_AFTER_MS = 5_000;

/** Loads dist/NAME.cjs and calls its `main` with the arguments. */
exports.run = function run(name, args) {
  const loaded = load(name);
  Promise.resolve(loaded.main(args)).catch((error) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    process.exitCode = 1;
  });
};

/** Loads dist/NAME.cjs for what it exports. */
exports.load = load;

function load(name) {
  const file = path.join(dist, `${name}.cjs`);
  const source = readOrExplain(file);
  const cacheFile = path.join(dist, `${[name, process.version, process.arch, ...options()].join('-')}.cache`);
  const cachedData = readIfThere(cacheFile);
  const script = new vm.Script(Module.wrap(source), {
    filename: file,
    cachedData,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (cachedData === undefined || script.cachedDataRejected) writeCacheOf(script, cacheFile);
  const bundle = new Module(file, module);
  bundle.filename = file;
  bundle.paths = Module._nodeModulePaths(dist);
  require.cache[file] = bundle;
  script.runInThisContext().call(bundle.exports, bundle.exports, requireFrom(file), bundle, file, dist);
  bundle.loaded = true;
  return bundle.exports;
}

/** What a bundle requires: other bundles are loaded as it was, and once. */
function requireFrom(file) {
  const require = Module.createRequire(file);
  const requireHere = (id) => {
    const name = /^\.\/(cli|part-[a-z-]+)\.cjs$/.exec(id)?.[1];
    if (name === undefined) return require(id);
    return require.cache[path.join(dist, `${name}.cjs`)]?.exports ?? load(name);
  };
  return Object.assign(requireHere, require);
}

function readOrExplain(file) {
  try {
    // The build leaves nothing but ASCII in it.
    return fs.readFileSync(file, 'latin1');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    process.stderr.write(`plenum is not built yet: run npm run build (${file} is missing)\n`);
    process.exit(1);
  }
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Those of Node.js, as far as they can be part of a file name. */
function options() {
  return process.execArgv.map((option) => option.replace(/\W+/g, '').slice(0, 40));
}

/**
 * At exit, so that the functions which this run compiled are in the cache too. A server may not end for days, or by
 * kill -9: it writes a first cache before, so that the next one need not do without.
 */
function writeCacheOf(script, cacheFile) {
  const write = () => {
    try {
      const temporary = `${cacheFile}.${process.pid}`;
      fs.writeFileSync(temporary, script.createCachedData());
      fs.renameSync(temporary, cacheFile);
    } catch {
      // Only the next start is slower.
    }
  };
  setTimeout(write, WRITE_CACHE_AFTER_MS).unref();
  process.once('exit', write);
}
