import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import * as yazl from 'yazl';
import { parsePluginManifest } from '../../src/cli/plugins/plugin-manifest.ts';
import { unpackZip } from '../../src/cli/plugins/unpack-zip.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

const PROGRAM = '#!/bin/sh\n[ "$2" = --info ] && echo "Does things"; exit 0\n';

let cluster: FakeCluster;
let folder: string;

/** With plugins of this test alone. */
const run: FakeCluster['run'] = (args, options = {}) =>
  cluster.run(args, { ...options, env: { PLENUM_HOME: join(folder, 'home'), ...options.env } });

const describeAs = (definition: object): void => {
  cluster.answers['POST /package/describe'] = { body: { package: definition } };
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenum-plugins-'));
  cluster = await startFakeCluster({
    'POST /package/install': { body: { packageName: 'db', packageVersion: '2', appId: '/db' } },
    'POST /package/list': { body: { packages: [] } },
  });
});

afterEach(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

const zipOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const zip = new yazl.ZipFile();
  for (const [name, content] of Object.entries(files))
    zip.addBuffer(Buffer.from(content), name, { mode: 0o100755 });
  zip.end();
  const file = join(folder, 'plugin.zip');
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
};

const offer = async (body: Buffer | 'stalls'): Promise<string> => {
  const server = createServer((_request, response) => {
    if (body === 'stalls') response.writeHead(200).write('x');
    else response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://localhost:${(server.address() as AddressInfo).port}/dcos-db.zip`;
};

const packageWith = (url: string, content: Buffer, changes: object = {}): Record<string, unknown> => {
  const value = createHash('sha256').update(content).digest('hex');
  const binary = { kind: 'zip', url, contentHash: [{ algo: 'sha256', value }], ...changes };
  const platform = { 'x86-64': binary };
  return {
    name: 'db',
    version: '2',
    description: 'A database',
    marathon: { v2AppMustacheTemplate: 'e30=' },
    resource: { cli: { binaries: { linux: platform, darwin: platform, windows: platform } } },
  };
};

describe('plugin', () => {
  it('adds a program, lists and removes it', async () => {
    const file = join(folder, 'dcos-hello');
    await writeFile(file, PROGRAM);
    expect(await run(['plugin', 'add', file])).toMatchObject({
      code: 0,
      stderr: 'New commands available: hello\n',
    });
    expect((await run(['plugin', 'list'])).stdout).toBe('NAME   COMMANDS\nhello  hello\n');
    expect(JSON.parse((await run(['plugin', 'list', '--json'])).stdout)).toEqual([
      {
        name: 'hello',
        commands: [
          { name: 'hello', path: expect.stringMatching(/env\/bin\/dcos-hello$/), description: 'Does things' },
        ],
      },
    ]);
    expect(await run(['plugin', 'add', file])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("'hello' is already installed"),
    });
    expect((await run(['plugin', 'add', file, '-u'])).code).toBe(0);
    expect((await run(['plugin', 'remove', 'hello'])).code).toBe(0);
    expect((await run(['plugin', 'remove', 'hello'])).code).toBe(3);
  });

  it('adds an archive with a manifest, or with programs alone', async () => {
    const manifest =
      'schema_version = 1\nname = "tools" # ours\n[[commands]]\nname = "one"\npath = "bin/x"\ndescription = \'First\'\n';
    await run(['plugin', 'add', await zipOf({ 'plugin.toml': manifest, 'bin/x': PROGRAM })]);
    await run([
      'plugin',
      'add',
      await zipOf({ 'bin/dcos-two': PROGRAM, 'bin/dcos-three': PROGRAM, 'bin/other': '' }),
    ]);
    expect((await run(['plugin', 'list'])).stdout).toBe(
      'NAME    COMMANDS\nplugin  three, two\ntools   one\n',
    );
    const { stdout } = await run(['--help']);
    expect(stdout).toMatch(/PLUGINS\n {2}three {2}Does things\n {2}two {4}Does things\n {2}one {4}First\n/);
  });

  it.each<[string, Record<string, string>, string]>([
    ['nothing to run', { README: 'x' }, 'has no commands'],
    [
      'a program that is not there',
      { 'plugin.toml': 'name = "a"\n[[commands]]\nname = "a"\npath = "bin/a"' },
      'has no program bin/a',
    ],
    [
      'a program elsewhere',
      { 'plugin.toml': 'name = "a"\n[[commands]]\nname = "a"\npath = "../../../../../../../../bin/sh"' },
      'has no program',
    ],
    [
      'a name that leads elsewhere',
      { 'plugin.toml': 'name = "../a"\n', 'bin/dcos-a': PROGRAM },
      'cannot name a plugin',
    ],
    ['a manifest that is none', { 'plugin.toml': 'what is this\n' }, 'plugin.toml:1:1'],
  ])('refuses an archive with %s', async (_what, files, message) => {
    const { code, stderr } = await run(['plugin', 'add', await zipOf(files)]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
    expect((await run(['plugin', 'list', '-q'])).stdout).toBe('');
  });

  it('unpacks no link and nothing outside its folder', async () => {
    const evil = await zipOf({ 'aa/b': 'x' });
    const bytes = await readFile(evil);
    await writeFile(evil, Buffer.from(bytes.toString('latin1').replaceAll('aa/b', '../b'), 'latin1'));
    await mkdir(join(folder, 'out'));
    await expect(unpackZip(evil, join(folder, 'out'))).rejects.toThrow('cannot be unpacked');
    const zip = new yazl.ZipFile();
    zip.addBuffer(Buffer.from('/etc/passwd'), 'link', { mode: 0o120777 });
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(evil));
    await expect(unpackZip(evil, join(folder, 'out'))).rejects.toThrow('neither file nor folder');
  });

  it('reads manifests line by line', () => {
    expect(parsePluginManifest('name="a"\n[other]\nname = "b"\nx = [1]\n')).toEqual({
      name: 'a',
      commands: [],
    });
  });
});

describe('the commands of a package', () => {
  it('are installed with it, listed, and removed with the last of it', async () => {
    const content = await readFile(await zipOf({ 'bin/dcos-db': PROGRAM }));
    describeAs(packageWith(await offer(content), content));
    const installed = await run(['package', 'install', 'db', '--yes']);
    expect(installed).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('New commands available: db'),
    });
    expect((await run(['package', 'list'])).stdout).toBe(
      'NAME  VERSION  CERTIFIED  APP  COMMAND  DESCRIPTION\ndb    2        false      ---  db       A database\n',
    );
    expect(JSON.parse((await run(['package', 'list', '--cli', '--json'])).stdout)).toMatchObject([
      { name: 'db', apps: [], command: { name: 'db' } },
    ]);
    expect((await run(['package', 'uninstall', 'db', '--cli'])).code).toBe(0);
    expect((await run(['package', 'uninstall', 'db', '--cli'])).code).toBe(3);
  });

  it('are all that is installed with --cli, and left out with --app', async () => {
    const content = Buffer.from(PROGRAM);
    describeAs(packageWith(await offer(content), content, { kind: 'executable' }));
    await run(['package', 'install', 'db', '--yes', '--app']);
    expect((await run(['plugin', 'list', '-q'])).stdout).toBe('');
    cluster.server.requests.length = 0;
    await run(['package', 'install', 'db', '--yes', '--cli']);
    expect((await run(['plugin', 'list', '-q'])).stdout).toBe('db\n');
    expect(cluster.server.requests.map(({ target }) => target)).not.toContain('/package/install');
  });

  it('are refused when their hash is another', async () => {
    describeAs(packageWith(await offer(Buffer.from(PROGRAM)), Buffer.from('other')));
    const { code, stderr } = await run(['package', 'install', 'db', '--yes']);
    expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringContaining('computed checksum') });
    expect((await run(['plugin', 'list', '-q'])).stdout).toBe('');
  });

  it('may be missing where the package runs, but not where they are asked for', async () => {
    describeAs(packageWith('http://127.0.0.1:9/gone', Buffer.from('')));
    const both = await run(['package', 'install', 'db', '--yes']);
    expect(both).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('plenum package install db --cli tries again'),
    });
    expect((await run(['package', 'install', 'db', '--yes', '--cli'])).code).toBe(1);
    describeAs({ ...packageWith('', Buffer.from('')), resource: {}, command: { pip: ['dcos-db'] } });
    expect(await run(['package', 'install', 'db', '--yes', '--cli'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('PIP subcommands are no longer supported'),
    });
  });

  it('do not wait for ever for a server that stalls', async () => {
    describeAs(packageWith(await offer('stalls'), Buffer.from('')));
    const controller = new AbortController();
    const running = run(['package', 'install', 'db', '--yes', '--cli'], { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('the time is over')), 200);
    expect((await running).code).not.toBe(0);
  });
});

describe('programs on the PATH', () => {
  it('are shown in help, never in place of own commands', async () => {
    for (const name of ['plenum-hello', 'plenum-task', 'plenum-daemon', 'plenum-notes.txt']) {
      await writeFile(join(folder, name), '#!/bin/sh\n');
    }
    await chmod(join(folder, 'plenum-hello'), 0o755);
    await chmod(join(folder, 'plenum-task'), 0o755);
    await chmod(join(folder, 'plenum-daemon'), 0o755);
    await symlink('/nowhere', join(folder, 'plenum-gone'));
    const { stdout } = await run(['--help'], { env: { PATH: folder } });
    expect(stdout).toContain(`PLUGINS\n  hello  ${join(folder, 'plenum-hello')}\n\n`);
  });
});
