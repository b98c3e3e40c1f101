import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startTestService } from '../package-service/test-service.ts';
import { revisionFiles, temporaryFolder, writeFiles } from '../universe/repository-files.ts';
import { runPlenum } from './run-plenum.ts';

const serveFolder = async (folder: string): Promise<string> => {
  const server = createServer(async ({ url = '' }, response) => {
    const content = await readFile(join(folder, new URL(url, 'http://x').pathname)).catch(() => undefined);
    response.writeHead(content === undefined ? 404 : 200).end(content);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const succeed = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await runPlenum(args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout + stderr;
};

it('signs what it builds, and clusters take it only with the right key and as it was built', async () => {
  const folder = await temporaryFolder();
  const [repository, target] = [join(folder, 'universe'), join(folder, 'target')];
  await writeFiles(repository, revisionFiles('mine', 0));
  await writeFile(join(folder, 'password'), 'correct horse\n');
  await succeed('universe', 'keygen', join(folder, 'team'), '--password-file', join(folder, 'password'));
  await succeed('universe', 'keygen', join(folder, 'other'), '--no-password');
  expect((await stat(join(folder, 'team.key'))).mode & 0o777).toBe(0o600);
  const signing = ['--sign', join(folder, 'team.key'), '--password-file', join(folder, 'password')];
  const said = await succeed('universe', 'build', target, '--repository', repository, ...signing);
  expect(said).toContain('each with a signature beside it');

  const url = `${await serveFolder(target)}/repo-up-to-2.0.json`;
  const { post } = await startTestService();
  const keyOf = async (name: string): Promise<string> =>
    (await readFile(join(folder, `${name}.pub`), 'utf8')).trim().split('\n').at(-1) ?? '';
  const add = async (key: string) =>
    (await post('/package/repository/add', { name: 'signed', uri: url, key })).body;
  expect((await add(await keyOf('other'))).message).toMatch(/signed by the key/);
  const file = join(target, 'repo-up-to-2.0.json');
  const built = await readFile(file, 'utf8');
  await writeFile(file, built.replace('The package mine', 'The package evil'));
  expect((await add(await keyOf('team'))).message).toMatch(/is not what was signed/);
  await writeFile(file, built);
  expect((await add(await keyOf('team'))).repositories[1]).toMatchObject({ state: 'READY', packages: 1 });

  await writeFile(file, built.replace('The package mine', 'The package anew'));
  await succeed('universe', 'sign', file, '--key', join(folder, 'other.key'));
  const { body } = await post('/package/repository/list');
  expect(body.repositories).toHaveLength(2);
  const second = { name: 'second', uri: `${url}?x`, key: await keyOf('other') };
  expect((await post('/package/repository/add', second)).body.repositories[2]).toMatchObject({ packages: 1 });
});

it('signs what it publishes into a folder, and nothing else', async () => {
  const folder = await temporaryFolder();
  const [repository, target] = [join(folder, 'universe'), join(folder, 'www')];
  await writeFiles(repository, revisionFiles('mine', 0));
  await succeed('universe', 'keygen', join(folder, 'team'), '--no-password');
  const publish = (to: string) => [
    ...['universe', 'publish', to, '--repository', repository],
    ...['--sign', join(folder, 'team.key')],
  ];
  await succeed(...publish(target));
  const key = await readFile(join(folder, 'team.pub'), 'utf8');
  const { post } = await startTestService();
  const request = { name: 'signed', uri: join(target, 'universe.json'), key: key.trim().split('\n').at(-1) };
  expect((await post('/package/repository/add', request)).body.repositories[1]).toMatchObject({
    packages: 1,
  });
  for (const to of ['oci://127.0.0.1:1/team/universe:1', 'https://127.0.0.1:1/universe.git']) {
    expect(await runPlenum(publish(to))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Only files are signed'),
    });
  }
});

it('replaces no key, and says what is wrong with one', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'team');
  await succeed('universe', 'keygen', path, '--no-password');
  const again = await runPlenum(['universe', 'keygen', path, '--no-password']);
  expect(again).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('exists already: nothing was written'),
  });
  const asked = await runPlenum(['universe', 'keygen', join(folder, 'x')]);
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('--no-password') });
  await writeFile(join(folder, 'empty'), '\n');
  const empty = ['universe', 'keygen', join(folder, 'x'), '--password-file', join(folder, 'empty')];
  expect((await runPlenum(empty)).stderr).toContain('The password is empty');
  const file = join(folder, 'universe.json');
  const sign = (key: string) => runPlenum(['universe', 'sign', file, '--key', key]);
  expect(await sign(`${path}.pub`)).toMatchObject({ code: 2, stderr: expect.stringContaining('neither') });
  expect(await sign(join(folder, 'none'))).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('keygen'),
  });
  expect(await sign(`${path}.key`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('cannot be signed'),
  });
});
