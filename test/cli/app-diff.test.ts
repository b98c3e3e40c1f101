import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineCluster, startEngineCluster } from './engine-cluster.ts';

let cluster: EngineCluster;
let folder: string;

const web = {
  id: '/web',
  cmd: 'sleep 600',
  cpus: 0.1,
  mem: 16,
  env: { LEVEL: 'info', OLD: '1' },
  healthChecks: [{ protocol: 'MESOS_TCP', port: 80, timeoutSeconds: 5 }],
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plenum-diff-'));
  cluster = await startEngineCluster();
  for (const more of [{}, { env: { LEVEL: 'debug' } }, { env: { LEVEL: 'debug' }, mem: 32 }]) {
    await cluster.marathon.call('PUT', '/v2/apps/web?force=true', { ...web, ...more });
    await cluster.marathon.harness.pass(1000);
  }
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await cluster.close();
});

const diff = (...args: string[]) => cluster.run(['marathon', 'app', 'diff', '/web', ...args]);

const write = (value: unknown): string => {
  const path = join(folder, 'web.json');
  writeFileSync(path, JSON.stringify(value));
  return path;
};

describe('marathon app diff', () => {
  it('says what has changed since a version, and ends with 1', async () => {
    expect(await diff('-1')).toEqual({ code: 1, stdout: '- /mem: 16\n+ /mem: 32\n', stderr: '' });
    const { body } = await cluster.marathon.call('GET', '/v2/apps/web/versions');
    const oldest = (body as unknown as { versions: string[] }).versions.sort()[0] ?? '';
    expect((await diff(oldest, '-1')).stdout).toBe(
      '- /env/LEVEL: "info"\n+ /env/LEVEL: "debug"\n- /env/OLD: "1"\n',
    );
  });

  it('says what a file would change, down to the field', async () => {
    const healthChecks = [{ protocol: 'MESOS_TCP', port: 80, timeoutSeconds: 7 }];
    const changed = { ...web, env: { LEVEL: 'debug' }, mem: 32, healthChecks };
    const { code, stdout } = await diff(write(changed));
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^- \/healthChecks.*5.*\n\+ \/healthChecks.*7.*\n$/),
    ]);
    const asJson = await diff(folder, '--json');
    expect(JSON.parse(asJson.stdout)).toMatchObject({ id: '/web', changes: [{}] });
  });

  it('ends with 0 and says nothing when nothing differs', async () => {
    const same = { ...web, env: { LEVEL: 'debug' }, mem: 32 };
    expect(await diff(write(same))).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await diff('-0')).code).toBe(0);
  });

  it('knows neither versions nor apps that are not there', async () => {
    expect((await diff('-9')).code).toBe(3);
    expect((await diff('2001-01-01T00:00:00.000Z')).code).toBe(3);
    expect((await diff(write({ ...web, id: '/other' }))).code).toBe(3);
    expect((await diff(join(folder, 'none.json'))).code).toBe(3);
    expect((await diff(write(web), '-1')).code).toBe(2);
  });

  it('says where the file is wrong', async () => {
    const { code, stderr } = await diff(write({ ...web, instances: 'many' }));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/web\.json:1:\d+: .*\/instances/)]);
  });
});
