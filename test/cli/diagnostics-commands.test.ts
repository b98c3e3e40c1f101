import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatAgo } from '../../src/cli/output/format.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

const BASE = '/system/health/v1/diagnostics';
const bundle = (id: string, more = {}): object => ({
  id,
  type: 'Cluster',
  size: 1_048_576,
  status: 'Done',
  started_at: '2020-01-01T00:00:00Z',
  ...more,
});

let cluster: FakeCluster;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenum-bundles-'));
  cluster = await startFakeCluster({
    [`GET ${BASE}`]: {
      body: [
        bundle('b1'),
        bundle('b2', { started_at: '2021-01-01T00:00:00Z', status: 'InProgress', size: 0 }),
        bundle('l1', { type: 'Local', started_at: '2022-01-01T00:00:00Z' }),
      ],
    },
    [`GET ${BASE}/b1`]: { body: bundle('b1', { errors: ['agents: gone', 'x: y'] }) },
    [`GET ${BASE}/b1/file`]: { body: 'PK..', headers: { 'Content-Type': 'application/zip' } },
    [`GET ${BASE}/b3`]: { body: bundle('b3', { status: 'Failed', errors: ['the disk is full'] }) },
    [`DELETE ${BASE}/b1`]: { body: {} },
    [`DELETE ${BASE}/b3`]: { status: 304 },
  });
});

afterEach(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

const run = (line: string) => cluster.run(['diagnostics', ...line.split(' ')]);

describe('diagnostics', () => {
  it('list shows those of the cluster', async () => {
    const [heading, first] = (await run('list')).stdout.split('\n');
    expect(heading).toMatch(/^ID +STATUS +CREATED +SIZE$/);
    expect(first).toMatch(/^b1 +Done +\d+ years ago +1 MiB$/);
    expect((await run('list -q')).stdout).toBe('b1\nb2\n');
    expect(JSON.parse((await run('list --json')).stdout)).toHaveLength(3);
  });

  it('create makes an id of its own, and prints it', async () => {
    for (const flags of ['', ' --agents', ' --masters']) {
      // The id is new each time, so that the stand-in has no answer for it.
      const { code, stderr } = await run(`create${flags}`);
      expect(code).toBe(3);
      expect(stderr).toContain('makes no bundles');
    }
    const sent = cluster.changes().map((change) => change.replace(/[0-9a-f-]{36}/, 'ID'));
    expect(sent).toEqual([
      `PUT ${BASE}/ID {"masters":true,"agents":true}`,
      `PUT ${BASE}/ID {"masters":false,"agents":true}`,
      `PUT ${BASE}/ID {"masters":true,"agents":false}`,
    ]);
  });

  it('wait says what was left out, and fails with the reason when there will be none', async () => {
    const done = await run('wait b1');
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('agents: gone, and 1 more') });
    expect(await run('wait b3')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the disk is full'),
    });
    expect((await run('wait b9')).code).toBe(3);
  });

  it('download writes the whole file or none', async () => {
    const file = join(folder, 'x.zip');
    expect((await run(`download b1 -o ${file}`)).code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe('PK..');
    expect((await run(`download b9 -o ${join(folder, 'y.zip')}`)).code).toBe(3);
    expect(await readdir(folder)).toEqual(['x.zip']);
  });

  it('delete says when it was deleted before, and when there is none', async () => {
    expect(await run('delete b1')).toMatchObject({ code: 0, stdout: 'Bundle b1 deleted\n' });
    expect(await run('delete b3')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('already been deleted'),
    });
    expect((await run('delete b9')).code).toBe(3);
  });
});

describe('a time is told', () => {
  it.each([
    [0, 'now'],
    [-5_000, 'now'],
    [1_000, '1 second ago'],
    [119_000, '1 minute ago'],
    [3 * 3_600_000, '3 hours ago'],
    [15 * 86_400_000, '2 weeks ago'],
    [800 * 86_400_000, '2 years ago'],
  ])('%d ms later as: %s', (ms, text) => {
    expect(formatAgo(0, ms)).toBe(text);
  });
});
