import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RecordingServer, startRecordingServer } from '../clients/recording-server.ts';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';

/** Of Node.js itself: each takes milliseconds to load, and hardly any command has a use for it. */
const SLOW_BUILTINS = ['child_process', 'crypto', 'dgram', 'https', 'readline', 'tls', 'zlib'];

let home: PlenumHome;
let cluster: RecordingServer;

beforeAll(async () => {
  home = await createPlenumHome();
  const task = { id: 'a', name: 'a', slave_id: 'S', framework_id: 'F', state: 'TASK_RUNNING', resources: {} };
  cluster = await startRecordingServer({
    'GET /mesos/tasks': { body: { tasks: [task] } },
    'GET /mesos/slaves': { body: { slaves: [] } },
    'POST /mesos/api/v1': { body: {} },
    'GET /service/marathon/v2/apps': { body: { apps: [] } },
    'GET /service/marathon/v2/queue': { body: { queue: [] } },
    'GET /service/marathon/v2/deployments': { body: [] },
  });
  await writeFile(
    join(home.folder, 'watch.cjs'),
    `process.on('exit', () => {
  const files = Object.keys(require.cache).map((file) => require('node:path').basename(file));
  const builtins = process.moduleLoadList.map((entry) => entry.replace('NativeModule ', ''));
  require('node:fs').writeFileSync(process.env.LOADED_FILE, JSON.stringify({ files, builtins }));
});`,
  );
});

afterAll(async () => {
  await cluster.close();
  await home.remove();
});

/** The bundles of dist/ and the slow parts of Node.js that a command has loaded when it ends. */
const loadedBy = async (...args: string[]): Promise<{ bundles: string[]; builtins: string[] }> => {
  const LOADED_FILE = join(home.folder, 'loaded.json');
  const NODE_OPTIONS = `--require ${join(home.folder, 'watch.cjs')}`;
  const { code, stderr } = await home.run(args, { env: { NODE_OPTIONS, LOADED_FILE } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { files, builtins } = JSON.parse(await readFile(LOADED_FILE, 'utf8')) as Record<string, string[]>;
  return {
    bundles: (files ?? []).filter((name) => /^(cli|completion|part-.*)\.cjs$/.test(name)).sort(),
    builtins: SLOW_BUILTINS.filter((name) => builtins?.includes(name)),
  };
};

describe('a command loads nothing that it does not use', () => {
  it('and the version nothing at all', async () => {
    expect(await loadedBy('--version')).toEqual({ bundles: [], builtins: [] });
  });

  it('when it is one of the most frequent, no bundle but the first', async () => {
    const { bundles, builtins } = await loadedBy('task', 'list', '--cluster', cluster.url);
    expect({ bundles, builtins }).toEqual({ bundles: ['cli.cjs'], builtins: [] });
  });

  it('of another topic, the bundle of its topic and what topics share', async () => {
    const { bundles, builtins } = await loadedBy('marathon', 'app', 'list', '--cluster', cluster.url);
    expect(bundles).toEqual(['cli.cjs', 'part-commands-marathon.cjs', 'part-commands-shared.cjs']);
    expect(builtins).toEqual([]);
  });

  it('but packages when it is asked for what they make', async () => {
    const { bundles } = await loadedBy('task', 'list', '-o', 'yaml', '--cluster', cluster.url);
    expect(bundles).toEqual(['cli.cjs', 'part-documents.cjs']);
  });

  it('and what completes a word loads no command, nor anything of a network for words that it knows', async () => {
    expect(await loadedBy('__complete', 'task', 'l')).toEqual({ bundles: ['completion.cjs'], builtins: [] });
    const live = await loadedBy('__complete', 'task', 'log', '--cluster', cluster.url, '');
    expect(live).toEqual({ bundles: ['completion.cjs'], builtins: [] });
  });
});
