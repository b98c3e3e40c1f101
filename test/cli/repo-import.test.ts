import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

let cluster: FakeCluster;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenum-import-'));
  cluster = await startFakeCluster({
    'POST /package/repository/add': ({ body }) =>
      body.includes('broken')
        ? { status: 400, body: { type: 'RepositoryUriConnection', message: 'nobody there' } }
        : { body: { repositories: [] } },
  });
});

afterEach(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

const importFile = async (content: unknown) => {
  const file = join(folder, 'repositories.json');
  await writeFile(file, JSON.stringify(content));
  return cluster.run(['package', 'repo', 'import', file]);
};
const repository = (name: string) => ({ name, uri: `http://${name}`, status: 'ready' });

describe('package repo import', () => {
  it('adds each at its place, and goes on after those that cannot be', async () => {
    const { code, stderr } = await importFile({ repositories: ['one', 'broken', 'two'].map(repository) });
    expect(code).toBe(1);
    expect(stderr).toContain('Added repository one (http://one) at index 0');
    expect(stderr).toContain('Repository broken was not added: nobody there');
    expect(cluster.changes().map((change) => JSON.parse(change.replace(/^[^{]*/, '')))).toEqual([
      { name: 'one', uri: 'http://one', index: 0 },
      { name: 'broken', uri: 'http://broken', index: 1 },
      { name: 'two', uri: 'http://two', index: 2 },
    ]);
  });

  it.each([{}, { repositories: [] }, { repositories: [{ name: 1 }] }])(
    'refuses what lists none: %j',
    async (content) => {
      expect((await importFile(content)).code).toBe(2);
      expect(cluster.changes()).toEqual([]);
    },
  );
});
