import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attachedName, knownClusters, saveKnownCluster } from '../../src/cli/clusters/known-clusters.ts';
import { runPlenum } from './run-plenum.ts';

let folder: string;
let home: string;
let dcos: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenum-import-'));
  home = join(folder, 'plenum');
  dcos = join(folder, 'dcos');
});

afterEach(() => rm(folder, { recursive: true }));

const setUp = async (id: string, toml: string, files: Readonly<Record<string, string>> = {}) => {
  const place = join(dcos, 'clusters', id);
  await mkdir(place, { recursive: true });
  for (const [name, text] of Object.entries({ 'dcos.toml': toml, ...files })) {
    await writeFile(join(place, name), text);
  }
};

const run = (...args: string[]) =>
  runPlenum(['cluster', 'import', ...args], { env: { PLENUM_HOME: home, DCOS_DIR: dcos } });

describe('cluster import', () => {
  it('takes over addresses, logins, authorities and settings, and what is attached', async () => {
    const ca = join(dcos, 'clusters', 'c0ffee', 'dcos_ca.crt');
    await setUp(
      'c0ffee',
      `[cluster]
  name = "my cluster"

[core]
  dcos_acs_token = "tok\\"en"
  dcos_url = "https://dcos.example.com/"
  ssl_verify = "${ca}"
  timeout = 60 # seconds

[marathon]
  url = "https://dcos.example.com/marathon-user"

[kafka]
  foo = "bar"
`,
      { 'dcos_ca.crt': 'PEM', attached: '' },
    );
    await setUp('beef', '[core]\ndcos_url = "http://other"\nssl_verify = "false"\n');
    const { code, stderr } = await run();
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'Cluster beef at http://other is known now\n' +
        'Cluster my-cluster at https://dcos.example.com is known now\nAttached cluster my-cluster\n',
    });
    expect(knownClusters(home)).toEqual([
      { name: 'beef', id: 'beef', url: 'http://other', isInsecure: true },
      {
        name: 'my-cluster',
        id: 'c0ffee',
        url: 'https://dcos.example.com',
        marathonUrl: 'https://dcos.example.com/marathon-user',
        token: 'tok"en',
        ca: 'PEM',
        settings: { 'core.timeout': '60', 'kafka.foo': 'bar' },
      },
    ]);
    expect(attachedName(home)).toBe('my-cluster');
  });

  it('leaves what is known here as it is', async () => {
    saveKnownCluster(home, { name: 'one', url: 'http://mine' });
    await setUp('id', '[cluster]\nname = "one"\n[core]\ndcos_url = "http://theirs"\n');
    const { code, stdout } = await run('--json');
    expect({ code, result: JSON.parse(stdout) }).toEqual({ code: 0, result: [] });
    expect(knownClusters(home)).toEqual([{ name: 'one', url: 'http://mine' }]);
  });

  it('says so when there is nothing, or an authority is gone', async () => {
    expect((await run()).code).toBe(3);
    await setUp('id', '');
    expect((await run()).code).toBe(3);
    await setUp('id', '[core]\ndcos_url = "https://x"\nssl_verify = "gone.crt"\n');
    expect((await run()).stderr).toContain('gone.crt is not there');
    expect(knownClusters(home)).toEqual([]);
  });
});
