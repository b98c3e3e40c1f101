import { createHash } from 'node:crypto';
import { cp, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { startTestService, type TestService } from '../package-service/test-service.ts';
import { metadataOf, temporaryFolder, writeFiles } from '../universe/repository-files.ts';
import { type PlenumResult, runPlenum } from './run-plenum.ts';

/** Locks against a real package service: what was locked is installed, and nothing else is. */

/** A web server of a team: what its package fetches, and the built repository. */
let web: { url: string; readonly files: Map<string, string | Buffer> };
let service: TestService;
let lockFile: string;

beforeEach(async () => {
  const files = new Map<string, string | Buffer>();
  const server = createServer(({ url = '' }, response) => {
    const content = files.get(url);
    const type = 'application/vnd.dcos.universe.repo+json;charset=utf-8;version=v5';
    const headers = url.endsWith('.json') ? { 'Content-Type': type } : {};
    response.writeHead(content === undefined ? 404 : 200, headers).end(content);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  web = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, files };
  service = await startTestService();
  lockFile = join(await temporaryFolder(), 'lock.yaml');
});

const publish = (name: string, uris: Readonly<Record<string, string>>, changes: object = {}): void => {
  const built = {
    ...metadataOf('db', changes),
    releaseVersion: 0,
    marathon: { v2AppMustacheTemplate: Buffer.from('{"id": "/db", "cmd": "sleep 1"}').toString('base64') },
    resource: { assets: { uris } },
  };
  web.files.set(`/${name}.json`, JSON.stringify({ packages: [built] }));
};

const addRepository = async (name: string, uri: string): Promise<void> => {
  const added = await service.post('/package/repository/add', { name, uri, index: 0 });
  expect(added.body).toMatchObject({ repositories: expect.anything() });
};

const run = (...args: string[]): Promise<PlenumResult> =>
  runPlenum(['package', ...args], { env: { PLENUM_CLUSTER: service.url } });

const lock = async (): Promise<void> => {
  const { code, stderr } = await run('lock', 'db', '--file', lockFile);
  expect({ code, stderr }).toMatchObject({ code: 0 });
};

const install = (): Promise<PlenumResult> =>
  run('install', 'db', '--yes', '--locked', '--lock-file', lockFile);

/** Has the service read a repository anew that it read a moment ago. */
const replace = async (name: string): Promise<void> => {
  await service.post('/package/repository/delete', { name });
  await addRepository(name, `${web.url}/${name}.json`);
};

const refusal = async (): Promise<string> => {
  const { code, stderr } = await install();
  expect(code).toBe(4);
  expect(service.marathon.apps.size).toBe(0);
  return stderr;
};

it('installs what is as it was locked', async () => {
  web.files.set('/db.tgz', 'the archive');
  publish('team', { archive: `${web.url}/db.tgz` });
  await addRepository('team', `${web.url}/team.json`);
  await lock();
  expect(await readFile(lockFile, 'utf8')).toContain(`source: ${web.url}/team.json`);
  expect(await install()).toMatchObject({ code: 0 });
  expect([...service.marathon.apps.keys()]).toEqual(['/db']);
});

it('locks archives that are larger than what is looked at whole', async () => {
  const archive = Buffer.alloc(70 * 1024 * 1024, 'x');
  web.files.set('/db.tgz', archive);
  publish('team', { archive: `${web.url}/db.tgz` });
  await addRepository('team', `${web.url}/team.json`);
  await lock();
  const hash = createHash('sha256').update(archive).digest('hex');
  expect(await readFile(lockFile, 'utf8')).toContain(`sha256:${hash}`);
});

it('refuses a changed asset, a changed definition, an asset more and another source, and installs nothing', async () => {
  web.files.set('/db.tgz', 'the archive').set('/more.tgz', 'more');
  const uris = { archive: `${web.url}/db.tgz` };
  publish('team', uris);
  publish('other', uris);
  await addRepository('team', `${web.url}/team.json`);
  await lock();

  web.files.set('/db.tgz', 'the archive!');
  expect(await refusal()).toMatch(/uri archive: hash: locked sha256:\w+, found sha256:/);
  web.files.set('/db.tgz', 'the archive');

  publish('team', uris, { description: 'Another database' });
  await replace('team');
  expect(await refusal()).toMatch(/definition: locked sha256:\w+, found sha256:/);

  publish('team', { ...uris, more: `${web.url}/more.tgz` });
  await replace('team');
  expect(await refusal()).toMatch(/uri more: location: locked none, found http/);

  publish('team', uris);
  await replace('team');
  await addRepository('other', `${web.url}/other.json`);
  expect(await refusal()).toContain(`source: locked ${web.url}/team.json, found ${web.url}/other.json`);
  await service.post('/package/repository/delete', { name: 'other' });
  expect(await install()).toMatchObject({ code: 0 });
});

it('refuses to lock an archive that is not what its address says', async () => {
  web.files.set('/db.tgz', 'the archive');
  publish('team', { archive: `${web.url}/db.tgz#sha256=${'0'.repeat(64)}` });
  await addRepository('team', `${web.url}/team.json`);
  const { code, stderr } = await run('lock', 'db', '--file', lockFile);
  expect(code).toBe(5);
  expect(stderr).toContain('is not what package db says');
});

it('takes a folder for the same wherever it lies', async () => {
  const [here, there] = [await temporaryFolder(), await temporaryFolder()];
  await writeFiles(here, {
    'repo/packages/D/db/0/package.json': metadataOf('db'),
    'repo/packages/D/db/0/marathon.json.mustache': '{"id": "/db", "cmd": "sleep 1"}',
  });
  await cp(here, there, { recursive: true });
  await addRepository('here', here);
  await lock();
  await service.post('/package/repository/delete', { name: 'here' });
  await addRepository('there', there);
  expect(await install()).toMatchObject({ code: 0 });
});

it('says which package was probably meant', async () => {
  const { code, stderr } = await run('install', 'helo', '--yes');
  expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('Did you mean hello?') });
});
