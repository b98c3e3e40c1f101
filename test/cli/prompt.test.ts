import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

let cluster: FakeCluster;

beforeEach(async () => {
  cluster = await startFakeCluster({
    'POST /package/describe': { body: { package: { name: 'db', version: '2', description: '' } } },
    'POST /package/install': { body: { packageName: 'db', packageVersion: '2' } },
    'POST /package/uninstall': { body: { results: [] } },
  });
});

afterEach(() => cluster.close());

const type = (args: string[], ...keys: string[]) => cluster.run(['package', ...args], { isTty: true, keys });
const isSent = (path: string): boolean => cluster.server.requests.some(({ target }) => target === path);

describe('a question on a terminal', () => {
  it('is asked on standard error, and taken for a yes when only Enter is typed', async () => {
    const { code, stdout, stderr } = await type(['install', 'db'], '\r');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('Install db 2?');
    expect(isSent('/package/install')).toBe(true);
  });

  it('that is answered with no does nothing, and ends with 1', async () => {
    const { code, stderr } = await type(['install', 'db'], 'n', '\r');
    expect(code).toBe(1);
    expect(stderr).toContain('nothing was done');
    expect(isSent('/package/install')).toBe(false);
  });

  it('ends with 130 at Ctrl-C', async () => {
    const { code, stderr } = await type(['install', 'db'], '\u0003');
    expect(code).toBe(130);
    expect(stderr).toContain('Error: Interrupted');
    expect(isSent('/package/install')).toBe(false);
  });

  it('before what cannot be undone wants the name', async () => {
    const wrong = await type(['uninstall', 'db'], 'd', 'x', '\r');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('"dx" was typed, not "db"');
    expect(isSent('/package/uninstall')).toBe(false);
    expect((await type(['uninstall', 'db'], 'd', 'b', '\r')).code).toBe(0);
    expect(isSent('/package/uninstall')).toBe(true);
  });

  it('is not asked with --yes', async () => {
    const { code, stderr } = await type(['install', 'db', '--yes']);
    expect(code).toBe(0);
    expect(stderr).not.toContain('?');
  });
});
