import { root } from './options.mjs';
import { gettersOf, requireOf, virtualModules } from './virtual-modules.mjs';

/** Packages that few commands use are bundles of their own. Each has its code cache, as all bundles have (bin/loader.cjs). */
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

const nameOf = (part) => `part-${part}`;

/** What is bundled: the entries by the names of the bundles, and the plugin that knows what they are. */
export const PACKAGE_PARTS = {
  entryPoints: Object.fromEntries(Object.keys(PARTS).map((part) => [nameOf(part), `plenum:${part}`])),
  plugins: [
    virtualModules(
      'package-parts',
      Object.fromEntries(
        Object.entries(PARTS).map(([part, packages]) => {
          const members = Object.fromEntries(packages.map((name) => [name, requireOf(name)]));
          return [`plenum:${part}`, `module.exports = ${gettersOf(members)};\n`];
        }),
      ),
      root,
    ),
  ],
};

/** Puts what loads a part in the place of its packages. */
export const packagePartsPlugin = {
  name: 'package-part',
  setup(builder) {
    builder.onResolve({ filter: /^[@a-z]/ }, ({ path }) => {
      const part = Object.keys(PARTS).find((name) => PARTS[name].includes(path));
      return part && { path, namespace: 'package-part', pluginData: part };
    });
    builder.onLoad({ filter: /.*/, namespace: 'package-part' }, ({ path, pluginData: part }) => ({
      contents: `module.exports = ${requireOf(`./${nameOf(part)}.cjs`)}[${JSON.stringify(path)}];`,
      loader: 'js',
    }));
  },
};
