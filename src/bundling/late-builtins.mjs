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

/** The build fails where it would only be found out when it is run. */
const NOT_LATER = 'What runs from a code cache cannot import parts of Node.js later on: import it at the top';

/** What the project's own modules import of these is loaded when it is first used, and not with the module. */
export const lateBuiltinsPlugin = {
  name: 'late-builtins',
  setup(builder) {
    builder.onResolve({ filter: /^node:/ }, ({ path, importer, namespace, kind }) => {
      const isOurs = namespace === 'file' && !importer.includes('node_modules');
      if (isOurs && kind === 'dynamic-import') return { errors: [{ text: NOT_LATER }] };
      return isOurs && LATE_BUILTINS.includes(path)
        ? { path, namespace: 'late-builtin' }
        : { path, external: true };
    });
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
