import { readFileSync } from 'node:fs';

/**
 * What oclif loads at its start and this program never uses: the search for command files, which are known beforehand, and
 * debug output of its own. Together they are some 4 ms of every start.
 */
export const leftOutPlugin = {
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
export const lazyOclifPlugin = {
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
