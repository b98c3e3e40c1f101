import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { shellTask } from '../master/support/scheduler.ts';
import { waitFor } from '../support/wait-for.ts';
import { TIMEOUT_MS } from './support/budget.ts';
import { startFuzzCluster } from './support/fuzz-cluster.ts';
import { type Answer, faultOf, type Shot, shoot } from './support/shoot.ts';

const LINKS = [
  ...[
    'ln -s /etc/passwd out',
    'ln -s /etc folder',
    'ln -s loop loop',
    'ln -s ../../../../../../../../../etc/passwd up',
  ],
  ...['mkfifo pipe', 'echo inside > file', 'echo ready', 'exec sleep 1000'],
].join('; ');

/** Everything that a path can be made to be; none may show what is outside of a sandbox. */
const escapesFrom = (sandbox: string): string[] => [
  ...[
    '/etc/passwd',
    '../../etc/passwd',
    '//etc/passwd',
    '/',
    '.',
    '..',
    '',
    '\0',
    '/etc/passwd\0.txt',
    '~/.ssh',
  ],
  ...[
    'out',
    'folder',
    'folder/passwd',
    'loop',
    'up',
    'file/../../../../../../../../../../../../../etc/passwd',
  ].map((name) => `${sandbox}/${name}`),
  `${sandbox}/${'../'.repeat(30)}etc/passwd`,
  `${sandbox}/./${'x/../'.repeat(1_000)}../../../../../../../../../../../../etc/passwd`,
  `${sandbox}\0/../../etc/passwd`,
  `${sandbox}-other/file`,
  `${sandbox}/${'a'.repeat(5_000)}`,
  'file:///etc/passwd',
  '/master/log/../../../../etc/passwd',
  '/slave/log/../../../../etc/passwd',
];

const v1 = (call: object): Shot => ({
  path: '/api/v1',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(call),
});

/** The same question in every API that takes a path, as it is and in the encodings that have fooled servers before. */
const shotsFor = (path: string): Shot[] => {
  const encoded = encodeURIComponent(path);
  const queries = [encoded, encoded.replaceAll('.', '%2e'), encoded.replaceAll('%2F', '%252F')];
  return [
    ...queries.flatMap((query) =>
      ['browse', 'read', 'download'].map((verb) => ({
        method: 'GET',
        path: `/files/${verb}?path=${query}&offset=0`,
      })),
    ),
    v1({ type: 'LIST_FILES', list_files: { path } }),
    v1({ type: 'READ_FILE', read_file: { path, offset: 0 } }),
    v1({ type: 'READ_FILE', read_file: { path, offset: 1e300, length: 1e300 } }),
    { method: 'GET', path: `/files/read?path=${encoded}&offset=1e300&length=1e300` },
  ];
};

const TARGETS = [
  '/../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/files/..%2f..%2fetc/passwd',
  '/%00',
  '/%',
  '/%ff',
];

const leakOf = ({ text }: Answer): string | undefined =>
  text.includes('root:') || text.includes(Buffer.from('root:x').toString('base64'))
    ? 'shows what is outside'
    : undefined;

it('no path leads out of a sandbox, and no file in one keeps the agent waiting', {
  timeout: TIMEOUT_MS,
}, async () => {
  const cluster = await startFuzzCluster();
  const { masterUrl, agentUrl } = cluster;
  const scheduler = await cluster.hostile();
  await scheduler.launch(await scheduler.untilOffer(), shellTask('links', LINKS));
  await scheduler.untilStatus('links', 'TASK_RUNNING');
  const state = JSON.parse((await shoot(agentUrl, { method: 'GET', path: '/state' })).text);
  const sandbox: string = state.frameworks[0].executors[0].directory;
  await waitFor('the links', () => existsSync(join(sandbox, 'file')));
  const inside = await shoot(agentUrl, { method: 'GET', path: `/files/read?path=${sandbox}/file&offset=0` });
  expect(JSON.parse(inside.text)).toEqual({ data: 'inside\n', offset: 0 });

  const faults: string[] = [];
  const judge = async (url: string, shot: Shot): Promise<void> => {
    const answer = await shoot(url, shot).catch((error: Error) => error.message);
    // Refusals of the v0 files API have no body, and then no inner error either.
    const fault = typeof answer === 'string' ? answer : (leakOf(answer) ?? faultOf(answer));
    if (fault !== undefined) faults.push(`${shot.path} ${String(shot.body ?? '').slice(0, 200)}: ${fault}`);
  };
  for (const url of [masterUrl, agentUrl]) {
    for (const path of escapesFrom(sandbox))
      await Promise.all(shotsFor(path).map((shot) => judge(url, shot)));
    for (const path of TARGETS) await judge(url, { method: 'GET', path });
  }
  // More of them at once than the runtime has threads for files.
  await Promise.all(
    Array.from({ length: 3 }, () => shotsFor(`${sandbox}/pipe`))
      .flat()
      .map((shot) => judge(agentUrl, shot)),
  );
  expect(faults.slice(0, 5), JSON.stringify(cluster.errors.slice(0, 3), undefined, 1)).toEqual([]);
  await cluster.checkOthers();
});

it('no download is put outside of its sandbox', { timeout: TIMEOUT_MS }, async () => {
  const cluster = await startFuzzCluster();
  const scheduler = await cluster.hostile();
  const source = join(process.cwd(), 'package.json');
  const outputs = [
    '../escaped',
    '/escaped',
    'a/../../escaped',
    '..',
    '../../escaped',
    'a/../../../escaped',
    'a\0b',
  ];
  for (const [index, output_file] of outputs.entries()) {
    const id = `fetch-${index}`;
    const from = scheduler.events.length;
    const offer = await scheduler.untilOffer(
      ({ resources = [] }) => resources.length > 0,
      Math.max(0, from - 3),
    );
    const command = { value: 'true', uris: [{ value: source, output_file, extract: false }] };
    await scheduler.launch(offer, { ...shellTask(id, 'true'), command });
    const ended = await waitFor(`the end of ${id}`, () =>
      scheduler
        .states(id)
        .find((state) => !['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING'].includes(state)),
    );
    expect(ended, output_file).not.toBe('TASK_FINISHED');
  }
  const { work_dir } = JSON.parse(
    (await shoot(cluster.agentUrl, { method: 'GET', path: '/flags' })).text,
  ).flags;
  expect(['/escaped', join(dirname(work_dir), 'escaped')].filter((path) => existsSync(path))).toEqual([]);
  await cluster.checkOthers();
});
