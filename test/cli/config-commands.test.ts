import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentCluster } from '../../src/cli/clusters/current-cluster.ts';
import {
  attach,
  attachedName,
  findKnownCluster,
  knownClusters,
  saveKnownCluster,
} from '../../src/cli/clusters/known-clusters.ts';
import { runPlenum } from './run-plenum.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plenum-config-'));
  saveKnownCluster(home, { name: 'one', url: 'http://one', token: 'secret' });
});

afterEach(() => rm(home, { recursive: true }));

const run = (...args: string[]) => runPlenum(args, { env: { PLENUM_HOME: home } });
const kept = () => findKnownCluster(home, 'one');

describe('config', () => {
  it('shows what is kept of the cluster, and the token only when it is asked for by name', async () => {
    const { stdout } = await run('config', 'show');
    expect(stdout).toBe(
      'cluster.name one\ncore.dcos_acs_token ********\ncore.dcos_url http://one\ncore.ssl_verify true\n',
    );
    expect((await run('config', 'show', 'core.dcos_acs_token')).stdout).toBe('secret\n');
    expect(JSON.parse((await run('config', 'show', '--json')).stdout)).toMatchObject({
      'core.dcos_url': 'http://one',
    });
  });

  it('sets and takes away', async () => {
    expect((await run('config', 'set', 'marathon.url', 'http://marathon:8080/')).code).toBe(0);
    expect(kept()?.marathonUrl).toBe('http://marathon:8080');
    expect((await run('config', 'unset', 'marathon.url')).code).toBe(0);
    expect(kept()).toEqual({ name: 'one', url: 'http://one', token: 'secret' });
    expect((await run('config', 'show', 'marathon.url')).code).toBe(3);
  });

  it('tells where each comes from', async () => {
    const env = { PLENUM_HOME: home, DCOS_TIMEOUT: '7' };
    await run('config', 'set', 'core.timeout', '60');
    const { stdout } = await runPlenum(['config', 'list', '--origin'], { env });
    expect(stdout).toContain('core.timeout 7 (DCOS_TIMEOUT)\n');
    expect(stdout).toContain(`core.dcos_url http://one (${join(home, 'clusters', 'one.json')})\n`);
  });

  it('keeps what belongs to plugins', async () => {
    expect((await run('config', 'set', 'kafka.foo', 'bar')).code).toBe(0);
    expect((await run('config', 'show')).stdout).toContain('kafka.foo bar\n');
    expect((await run('config', 'unset', 'kafka.foo')).code).toBe(0);
    expect((await run('config', 'unset', 'kafka.foo')).code).toBe(0);
    expect(kept()).toEqual({ name: 'one', url: 'http://one', token: 'secret' });
  });

  it('forgets the token when the cluster is at another address', async () => {
    await run('config', 'set', 'core.dcos_url', 'http://other');
    expect(kept()).toEqual({ name: 'one', url: 'http://other' });
  });

  it('says whose certificates are trusted', async () => {
    await run('config', 'set', 'core.ssl_verify', 'false');
    expect(kept()).toMatchObject({ isInsecure: true });
    const file = join(home, 'ca.pem');
    await writeFile(file, 'PEM');
    await run('config', 'set', 'core.ssl_verify', file);
    expect(kept()).toMatchObject({ ca: 'PEM' });
    expect(kept()?.isInsecure).toBeUndefined();
  });

  it('refuses settings and values that cannot be', async () => {
    expect((await run('config', 'set', 'core.nonsense', 'x')).stderr).toContain('plenum config keys');
    expect((await run('config', 'set', 'core.time-out', '1')).stderr).toContain('Did you mean core.timeout?');
    expect((await run('config', 'set', 'core.timeout', 'abc')).code).toBe(2);
    expect((await run('config', 'set', 'core.pagination', 'maybe')).code).toBe(2);
    expect((await run('config', 'set', 'core.dcos_url', 'http://')).code).toBe(2);
    expect((await run('config', 'unset', 'core.dcos_url')).stderr).toContain('plenum cluster remove');
    expect((await run('config', 'set', 'core.ssl_verify', join(home, 'none'))).stderr).toContain(
      'cannot be read',
    );
    expect(kept()?.url).toBe('http://one');
  });

  it('lists the settings that there are', async () => {
    expect((await run('config', 'keys', '--quiet')).stdout.split('\n')).toContain('core.ssl_verify');
  });
});

describe('cluster rename', () => {
  it('keeps all that is known, and that it is attached', async () => {
    attach(home, 'one');
    expect((await run('cluster', 'rename', 'one', 'two')).code).toBe(0);
    expect(knownClusters(home)).toEqual([{ name: 'two', url: 'http://one', token: 'secret' }]);
    expect(attachedName(home)).toBe('two');
  });

  it('takes no name that another cluster has, and none that cannot be', async () => {
    saveKnownCluster(home, { name: 'two', url: 'http://two' });
    expect((await run('cluster', 'rename', 'one', 'two')).stderr).toContain('Another cluster');
    expect((await run('cluster', 'rename', 'one', '../two')).code).toBe(2);
    expect(knownClusters(home).map(({ name }) => name)).toEqual(['one', 'two']);
  });
});

describe('the environment of the DC/OS command line', () => {
  const current = (env: Readonly<Record<string, string>>) => currentCluster({ home, env, asked: undefined });

  it('counts where that of Plenum says nothing', () => {
    saveKnownCluster(home, { name: 'two', url: 'http://two' });
    expect(current({ DCOS_CLUSTER: 'two' }).name).toBe('two');
    expect(current({ DCOS_CLUSTER: 'two', PLENUM_CLUSTER: 'one' }).name).toBe('one');
    expect(current({ DCOS_URL: 'http://three' }).url).toBe('http://three');
    expect(current({ DCOS_CLUSTER: 'one', DCOS_ACS_TOKEN: 'other' }).token).toBe('other');
    expect(current({ DCOS_CLUSTER: 'one', DCOS_ACS_TOKEN: 'other', PLENUM_TOKEN: 'first' }).token).toBe(
      'first',
    );
  });

  it('says whose certificates are trusted', async () => {
    expect(current({ DCOS_SSL_VERIFY: 'False' }).isInsecure).toBe(true);
    const file = join(home, 'ca.pem');
    await writeFile(file, 'PEM');
    expect(current({ DCOS_SSL_VERIFY: file }).ca).toBe('PEM');
    expect(() => current({ DCOS_SSL_VERIFY: join(home, 'none') })).toThrow('cannot be read');
  });
});
