import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { startFakeMarathon } from '../package-service/fake-marathon.ts';
import { type FakeMaster, reservedResource, startFakeMaster } from '../package-service/fake-master.ts';
import { waitFor } from '../support/wait-for.ts';
import { temporaryFolder } from '../universe/repository-files.ts';

/** A package service that is killed in the middle of what it was asked to do. */

let child: ChildProcess | undefined;

afterEach(() => child?.kill('SIGKILL'));

/** Starts the built package service; resolves with its URL once it is ready. */
const startService = async (folder: string, master: string, marathon: string): Promise<string> => {
  const own = ['--port', '0', '--work-dir', join(folder, 'work')];
  const command = [join(process.cwd(), 'bin', 'plenum'), 'packages', ...own];
  const started = spawn(process.execPath, [...command, '--master', master, '--marathon', marathon], {
    env: { ...process.env, PLENUM_HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  for await (const line of createInterface({ input: started.stdout })) {
    const entry = JSON.parse(line) as { msg: string; packages?: string };
    if (entry.msg === 'ready' && entry.packages !== undefined) {
      started.stdout.resume();
      return entry.packages;
    }
  }
  throw new Error('The package service ended before it was ready');
};

const post = (url: string, operation: string, body: object, about: 'package' | 'service' = 'package') => {
  const type = (kind: string): string =>
    `application/vnd.dcos.${about}.${operation}-${kind}+json;charset=utf-8;version=v1`;
  return request({
    url: `${url}/${about}/${operation}`,
    method: 'POST',
    headers: { 'Content-Type': type('request'), Accept: type('response') },
    body: JSON.stringify(body),
  });
};

const statesOf = async (url: string): Promise<string[]> => {
  const { body } = await request({ url: `${url}/package/uninstalls` });
  const { uninstalls } = JSON.parse(body.toString()) as { uninstalls: { uninstall: { state: string } }[] };
  return uninstalls.map(({ uninstall }) => uninstall.state);
};

const populate = (master: FakeMaster): void => {
  const role = 'hello-world-role';
  master.frameworks = [{ id: 'F1', name: 'hello-world', roles: [role], active: true }];
  master.reserved = {
    A1: { [role]: [reservedResource(role, 'cpus', 1), reservedResource(role, 'disk', 9, { volume: 'v' })] },
  };
};

describe('an uninstallation whose service is killed', () => {
  it.each([
    ['while the tasks of the app are ending', 'stopping'],
    ['while the volumes are still in use', 'freeing'],
  ])('%s, goes on when the service is started again', async (_title, place) => {
    const [folder, marathon, master] = await Promise.all([
      temporaryFolder(),
      startFakeMarathon(),
      startFakeMaster(),
    ]);
    let url = await startService(folder, master.url, marathon.url);
    const installed = await post(url, 'install', { packageName: 'hello-world' });
    expect(installed.status, installed.body.toString()).toBe(200);
    populate(master);
    if (place === 'stopping') marathon.stopping.add('/hello-world');
    else master.busyFor = 1_000_000;
    const answer = post(url, 'uninstall', { packageName: 'hello-world' }).catch(() => undefined);
    await waitFor('it is under way', () =>
      place === 'stopping' ? marathon.apps.size === 0 : master.calls.includes('DESTROY_VOLUMES'),
    );
    await kill();
    await answer;
    marathon.stopping.clear();
    master.busyFor = 0;
    expect(Object.keys(master.reserved.A1 ?? {})).toHaveLength(1);
    url = await startService(folder, master.url, marathon.url);
    await waitFor('it is done', async () => (await statesOf(url)).includes('DONE'));
    expect(master.frameworks).toEqual([]);
    expect(master.reserved).toEqual({ A1: {} });
    expect((await post(url, 'install', { packageName: 'hello-world' })).status).toBe(200);
  });
});

const kill = async (): Promise<void> => {
  child?.kill('SIGKILL');
  if (child) await once(child, 'exit');
};

const installedApps = async (url: string): Promise<string[]> => {
  const { body } = await post(url, 'list', {});
  const { packages } = JSON.parse(body.toString()) as { packages: { appId: string }[] };
  return packages.map(({ appId }) => appId);
};

const historyOf = async (url: string): Promise<{ action: string; options?: object }[]> => {
  const { body } = await post(url, 'history', { appId: '/hello-world' }, 'service');
  return (JSON.parse(body.toString()) as { entries: { action: string; options?: object }[] }).entries;
};

describe('an installation whose service is killed', () => {
  it('after Marathon took the app, is there when the service is started again, and can be changed and removed', async () => {
    const [folder, marathon, master] = await Promise.all([
      temporaryFolder(),
      startFakeMarathon(),
      startFakeMaster(),
    ]);
    let url = await startService(folder, master.url, marathon.url);
    marathon.silence = 'after';
    const answer = post(url, 'install', { packageName: 'hello-world' }).catch(() => undefined);
    await waitFor('Marathon has the app', () => marathon.apps.size === 1);
    await kill();
    await answer;
    marathon.silence = undefined;
    url = await startService(folder, master.url, marathon.url);
    expect(await installedApps(url)).toEqual(['/hello-world']);
    const again = await post(url, 'install', { packageName: 'hello-world' });
    expect(JSON.parse(again.body.toString())).toMatchObject({ type: 'PackageAlreadyInstalled' });
    const options = { hello: { greeting: 'hi' } };
    const updated = await post(url, 'update', { appId: '/hello-world', options, replace: false }, 'service');
    expect(updated.status, updated.body.toString()).toBe(200);
    expect((await historyOf(url)).map(({ action }) => action)).toEqual(['FOUND', 'UPDATED']);
    expect((await post(url, 'uninstall', { packageName: 'hello-world' })).status).toBe(200);
    expect(marathon.apps.size).toBe(0);
  });

  it('before Marathon took the app, has left nothing and can be made anew', async () => {
    const [folder, marathon, master] = await Promise.all([
      temporaryFolder(),
      startFakeMarathon(),
      startFakeMaster(),
    ]);
    let url = await startService(folder, master.url, marathon.url);
    marathon.silence = 'before';
    const answer = post(url, 'install', { packageName: 'hello-world' }).catch(() => undefined);
    await waitFor('it was sent', () => marathon.changes.length === 1);
    await kill();
    await answer;
    marathon.silence = undefined;
    url = await startService(folder, master.url, marathon.url);
    expect(await installedApps(url)).toEqual([]);
    expect((await post(url, 'install', { packageName: 'hello-world' })).status).toBe(200);
  });
});

describe('an update whose service is killed', () => {
  it('after Marathon took the app, is what runs, and can be taken back to what ran before', async () => {
    const [folder, marathon, master] = await Promise.all([
      temporaryFolder(),
      startFakeMarathon(),
      startFakeMaster(),
    ]);
    let url = await startService(folder, master.url, marathon.url);
    expect((await post(url, 'install', { packageName: 'hello-world' })).status).toBe(200);
    marathon.silence = 'after';
    const change = { appId: '/hello-world', options: { hello: { greeting: 'hi' } }, replace: false };
    const answer = post(url, 'update', change, 'service').catch(() => undefined);
    await waitFor('Marathon has the change', () => marathon.changes.length === 2);
    await kill();
    await answer;
    marathon.silence = undefined;
    url = await startService(folder, master.url, marathon.url);
    const described = await post(url, 'describe', { appId: '/hello-world' }, 'service');
    expect(JSON.parse(described.body.toString()).userProvidedOptions).toEqual(change.options);
    const rolledBack = await post(url, 'rollback', { appId: '/hello-world' }, 'service');
    expect(rolledBack.status, rolledBack.body.toString()).toBe(200);
    expect((await historyOf(url)).map(({ action }) => action)).toEqual(['INSTALLED', 'FOUND', 'ROLLED_BACK']);
  });
});
