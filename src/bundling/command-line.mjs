import { isAbsolute, join, relative } from 'node:path';
import { build } from 'esbuild';
import { listCommands } from './command-files.mjs';
import { lateBuiltinsPlugin } from './late-builtins.mjs';
import { lazyOclifPlugin, leftOutPlugin } from './oclif-plugins.mjs';
import { BUNDLE, root } from './options.mjs';
import { packagePartsPlugin } from './package-parts.mjs';
import { gettersOf, requireOf, virtualModules } from './virtual-modules.mjs';

/**
 * The command line in several bundles, as the time until a command's first line runs grows with the size of what is loaded,
 * used or not:
 *
 *     cli.cjs                    what every command needs, and the commands of the most frequent topic
 *     part-commands-shared.cjs   what several other topics need
 *     part-commands-TOPIC.cjs    the commands of a topic, and what they alone need
 *
 * A module is in one of them only, so that there is one of every class. The others find it by its file in `MODULES`, which the
 * first two export.
 */
const MAIN = 'src/cli/main.ts';
const MOST_FREQUENT_TOPIC = 'task';
const CORE = './cli.cjs';
const SHARED = './part-commands-shared.cjs';

/** Bundles require each other as they are; bin/loader.cjs finds them. */
const partsPlugin = {
  name: 'parts',
  setup(builder) {
    builder.onResolve({ filter: /^\.\/(cli|part-[a-z-]+)\.cjs$/ }, ({ path }) => ({ path, external: true }));
  },
};

const PLUGINS = [leftOutPlugin, lazyOclifPlugin, packagePartsPlugin, partsPlugin, lateBuiltinsPlugin];

/** Builds it, and gives the names of the bundles. */
export async function buildCommandLine() {
  const commands = listCommands();
  const isFrequent = ({ topic }) => topic === MOST_FREQUENT_TOPIC;
  const topics = [...new Set(commands.filter((command) => !isFrequent(command)).map(({ topic }) => topic))];
  const graph = await readGraph(commands);

  const core = reachable(graph, [MAIN, ...commands.filter(isFrequent).map(({ file }) => file)]);
  const byTopic = topics.map((topic) =>
    reachable(
      graph,
      commands.filter((command) => command.topic === topic).map(({ file }) => file),
    ),
  );
  const shared = new Set(
    byTopic.flatMap((files) => [...files].filter((file) => !core.has(file) && countOf(byTopic, file) > 1)),
  );

  await Promise.all([
    bundle({
      name: 'cli',
      contents: `export * from ${JSON.stringify(`./${MAIN}`)};\n${modulesText(graph, core)}`,
      commands: Object.fromEntries(
        commands.map((command) => [
          command.id,
          isFrequent(command)
            ? `${requireOf(`./${command.file}`)}.default`
            : `${requireOf(`./${partOf(command.topic)}.cjs`)}.COMMANDS[${JSON.stringify(command.id)}]`,
        ]),
      ),
    }),
    bundle({ name: 'part-commands-shared', contents: modulesText(graph, shared), elsewhere: [[CORE, core]] }),
    ...topics.map((topic) =>
      bundle({
        name: partOf(topic),
        contents: `export const COMMANDS = ${gettersOf(
          Object.fromEntries(
            commands
              .filter((command) => command.topic === topic)
              .map(({ id, file }) => [id, `${requireOf(`./${file}`)}.default`]),
          ),
        )};\n`,
        elsewhere: [
          [CORE, core],
          [SHARED, shared],
        ],
      }),
    ),
  ]);
  return ['cli', 'part-commands-shared', ...topics.map(partOf)];
}

const partOf = (topic) => `part-commands-${topic}`;

const countOf = (sets, file) => sets.filter((files) => files.has(file)).length;

/** Those of a bundle's modules that modules of other bundles import; the rest of its packages is left out where nobody uses it. */
function modulesText(graph, files) {
  const imported = [...graph].flatMap(([file, imports]) => (files.has(file) ? [] : imports));
  const offered = [...new Set(imported)].filter((file) => files.has(file)).sort();
  const members = offered.map((file) => [file, requireOf(`./${file}`)]);
  return `export const MODULES = ${gettersOf(Object.fromEntries(members))};\n`;
}

/** Who imports whom: files from the project's folder, by the file that imports them. */
async function readGraph(commands) {
  const everything = Object.fromEntries(commands.map(({ id, file }) => [id, requireOf(`./${file}`)]));
  const { metafile } = await build({
    ...BUNDLE,
    entryPoints: [MAIN],
    write: false,
    metafile: true,
    plugins: [commandsPlugin(everything), ...PLUGINS],
  });
  const [output] = Object.values(metafile.outputs);
  const graph = new Map();
  for (const file of Object.keys(output.inputs)) {
    const imports = metafile.inputs[file].imports.map(({ path }) => path);
    // Commands are reached by their topics, and what no file holds is made for each bundle anew.
    if (!isVirtual(file))
      graph.set(
        file,
        imports.filter((path) => path in output.inputs && !isVirtual(path)),
      );
  }
  return graph;
}

const isVirtual = (file) => /^[a-z-]+:/.test(file);

function reachable(graph, starts) {
  const found = new Set(starts);
  for (const file of found) for (const imported of graph.get(file) ?? []) found.add(imported);
  return found;
}

const commandsPlugin = (commands) =>
  virtualModules(
    'commands',
    { 'plenum:commands': `export const COMMANDS = ${gettersOf(commands)};\n` },
    root,
  );

function bundle({ name, contents, commands = {}, elsewhere = [] }) {
  return build({
    ...BUNDLE,
    entryPoints: { [name]: `plenum:${name}` },
    plugins: [
      virtualModules('entry', { [`plenum:${name}`]: contents }, root),
      commandsPlugin(commands),
      elsewherePlugin(elsewhere),
      ...PLUGINS,
    ],
  });
}

/** Has modules that another bundle holds taken from it. */
function elsewherePlugin(elsewhere) {
  return {
    name: 'elsewhere',
    setup(builder) {
      builder.onResolve({ filter: /./ }, async ({ path, pluginData, ...place }) => {
        if (pluginData?.isResolved || !/^[./@a-z]/.test(path)) return undefined;
        const found = await builder.resolve(path, { ...place, pluginData: { isResolved: true } });
        if (!isAbsolute(found.path) || found.namespace !== 'file') return undefined;
        const file = relative(root, found.path);
        const [bundleOfIt] = elsewhere.find(([, files]) => files.has(file)) ?? [];
        return bundleOfIt && { path: file, namespace: 'elsewhere', pluginData: bundleOfIt };
      });
      builder.onLoad({ filter: /.*/, namespace: 'elsewhere' }, ({ path, pluginData: bundleOfIt }) => ({
        contents: `module.exports = ${requireOf(bundleOfIt)}.MODULES[${JSON.stringify(path)}];`,
        resolveDir: join(root, 'src'),
        loader: 'js',
      }));
    },
  };
}
