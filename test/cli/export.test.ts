import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idMatcher } from '../../src/cli/apply/export-definitions.ts';
import { type EngineCluster, startEngineCluster } from './engine-cluster.ts';

let cluster: EngineCluster;
let folder: string;

const FEATURES = new Set(['vips', 'task_killing', 'external_volumes', 'secrets', 'gpu_resources'] as const);

beforeEach(async () => {
  cluster = await startEngineCluster({ features: FEATURES });
  folder = mkdtempSync(join(tmpdir(), 'plenum-export-'));
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await cluster.close();
});

const run: EngineCluster['run'] = (...command) => cluster.run(...command);
const call: EngineCluster['marathon']['call'] = (...request) => cluster.marathon.call(...request);
const app = (id: string, more = {}): object => ({ id, cmd: 'sleep 600', cpus: 0.1, mem: 16, ...more });

const files = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

/** Every example of an app, pod and group that Marathon takes. */
const createExamples = async (): Promise<number> => {
  const fixtures = 'test/marathon/fixtures';
  let taken = 0;
  for (const name of readdirSync(fixtures).sort()) {
    const [, kind] = /^(app|pod|group)-.*\.json$/.exec(name) ?? [];
    if (kind === undefined) continue;
    const text = readFileSync(join(fixtures, name), 'utf8');
    const { status } = await call('POST', `/v2/${kind}s?force=true`, text);
    if (status === 201) taken++;
  }
  return taken;
};

describe('marathon export', () => {
  it('loses nothing: to apply it is nothing to do', async () => {
    expect(await createExamples()).toBeGreaterThan(20);
    for (const format of [[], ['--yaml']]) {
      const exported = await run(['marathon', 'export', folder, ...format]);
      expect(exported.code).toBe(0);
      const applied = await run(['marathon', 'apply', '-f', folder]);
      expect(applied).toEqual({ code: 0, stdout: 'Nothing to do\n', stderr: '' });
      rmSync(folder, { recursive: true });
    }
    const { stdout } = await run(['marathon', 'export']);
    expect((await run(['marathon', 'apply', '-f', '-', '--dry-run'], stdout)).stdout).toBe('Nothing to do\n');
    const asJson = await run(['marathon', 'export', '--json']);
    expect((await run(['marathon', 'apply', '-f', '-'], asJson.stdout)).stdout).toBe('Nothing to do\n');
  });

  it('writes what another cluster becomes the same by', async () => {
    await createExamples();
    await run(['marathon', 'export', folder]);
    const other = await startEngineCluster({ features: FEATURES });
    expect((await other.run(['marathon', 'apply', '-f', folder])).code).toBe(0);
    const ids = async ({ marathon }: EngineCluster) =>
      (await marathon.call('GET', '/v2/apps')).body.apps?.map(({ id }) => id).sort();
    expect(await ids(other)).toEqual(await ids(cluster));
    await other.close();
  });

  it('puts each definition into a file of its own', async () => {
    await call('POST', '/v2/groups', { id: '/shop', dependencies: ['/db'], apps: [app('web')] });
    await call('POST', '/v2/groups', { id: '/empty/inner' });
    await call('POST', '/v2/apps', app('/db'));
    const { stdout, stderr } = await run(['marathon', 'export', folder]);
    const written = ['db.app.json', 'empty/inner.group.json', 'shop.group.json', 'shop/web.app.json'];
    expect(files()).toEqual(written);
    expect(stdout).toBe(`${written.join('\n')}\n`);
    expect(stderr).toBe(`4 files written to ${folder}, 0 unchanged\n`);
    expect(JSON.parse(readFileSync(join(folder, 'shop.group.json'), 'utf8'))).toEqual({
      id: '/shop',
      dependencies: ['/db'],
    });
  });

  it('tells of files of an earlier export, and removes them when told to', async () => {
    await call('POST', '/v2/apps', app('/old'));
    await call('POST', '/v2/apps', app('/web'));
    await run(['marathon', 'export', folder]);
    await call('DELETE', '/v2/apps/old');
    expect((await run(['marathon', 'export', folder])).stderr).toBe(
      `0 files written to ${folder}, 1 unchanged\nOf an earlier export, and not there any more (--prune removes them): old.app.json\n`,
    );
    expect(existsSync(join(folder, 'old.app.json'))).toBe(true);
    await run(['marathon', 'export', folder, '--prune']);
    expect(files()).toEqual(['web.app.json']);
  });

  it('takes only what has the id', async () => {
    await call('POST', '/v2/apps', app('/shop/web'));
    await call('POST', '/v2/apps', app('/web'));
    await run(['marathon', 'export', folder, '--id', '/shop/**']);
    expect(files()).toEqual(['shop/web.app.json']);
    expect((await run(['marathon', 'export', '--id', '/none'])).code).toBe(3);
  });
});

describe('a pattern of ids', () => {
  it.each([
    ['/web', '/web', true],
    ['web', '/web', true],
    ['/w*', '/web', true],
    ['/w*', '/web/a', false],
    ['/shop/**', '/shop/a/b', true],
    ['/shop/*/b', '/shop/a/b', true],
    ['/a.b', '/aXb', false],
  ])('%s and %s: %s', (pattern, id, isMeant) => {
    expect(idMatcher(pattern)(id)).toBe(isMeant);
  });
});
