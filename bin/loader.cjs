'use strict';
/**
 * Runs a bundle of dist/ through V8's code cache, which halves the time until its first line runs. The cache is written
 * after a run that had none it could use (a first run, another Node.js); where dist/ cannot be written, all still works.
 */
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const dist = path.join(__dirname, '..', 'dist');

/** Loads dist/NAME.cjs and calls its `main` with the arguments. */
exports.run = function run(name, args) {
  const loaded = load(name);
  Promise.resolve(loaded.main(args)).catch((error) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    process.exitCode = 1;
  });
};

function load(name) {
  const file = path.join(dist, `${name}.cjs`);
  const source = readOrExplain(file);
  const cacheFile = path.join(dist, `${name}.${process.version}-${process.arch}.cache`);
  const cachedData = readIfThere(cacheFile);
  const script = new vm.Script(Module.wrap(source), {
    filename: file,
    cachedData,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (cachedData === undefined || script.cachedDataRejected) writeCacheAtExit(script, cacheFile);
  const bundle = new Module(file, module);
  bundle.filename = file;
  bundle.paths = Module._nodeModulePaths(dist);
  require.cache[file] = bundle;
  script
    .runInThisContext()
    .call(bundle.exports, bundle.exports, Module.createRequire(file), bundle, file, dist);
  bundle.loaded = true;
  return bundle.exports;
}

function readOrExplain(file) {
  try {
    return fs.readFileSync(file, 'utf8');
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

/** At exit, so that the functions which this run compiled are in the cache too. */
function writeCacheAtExit(script, cacheFile) {
  process.once('exit', () => {
    try {
      const temporary = `${cacheFile}.${process.pid}`;
      fs.writeFileSync(temporary, script.createCachedData());
      fs.renameSync(temporary, cacheFile);
    } catch {
      // Only the next start is slower.
    }
  });
}
