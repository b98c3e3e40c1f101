import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';

/** The README's tour of packages through the built executable, against a cluster of its own. */

const LONG_MS = 120_000;
let home: PlenumHome;

beforeAll(async () => {
  home = await createPlenumHome();
  await home.up('--agents', '2');
}, LONG_MS);

afterAll(() => home.remove(), LONG_MS);

describe('package', () => {
  it('search, describe and render read the universe', async () => {
    const found = await home.json<{ packages: { name: string }[] }>('package', 'search', 'hdfs');
    expect(found.packages.map(({ name }) => name)).toContain('hdfs');
    const config = JSON.parse(await home.must('package', 'describe', 'hdfs', '--config')) as {
      properties: object;
    };
    expect(Object.keys(config.properties)).toContain('service');
    const options = await home.write('render.json', { service: { name: 'my-hdfs' } });
    const rendered = JSON.parse(await home.must('package', 'render', 'hdfs', `--options=${options}`)) as {
      id: string;
    };
    expect(rendered.id).toBe('/my-hdfs');
  });

  it('install refuses options that the schema forbids, and names every one', async () => {
    const options = await home.write('bad.json', { service: { name: 7, unheard: true } });
    const { code, stderr } = await home.run([
      'package',
      'install',
      'hello-world',
      `--options=${options}`,
      '--yes',
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('/service/name');
    expect(stderr).toContain('unheard');
    expect(await home.json('package', 'list')).toEqual([]);
  });

  it('install --wait returns when the service is usable; uninstall takes all of it away', async () => {
    await home.must('package', 'install', 'hello-world', '--yes', '--wait');
    const installed = await home.json<{ name: string; appId: string }[]>('package', 'list');
    expect(installed).toEqual([expect.objectContaining({ name: 'hello-world' })]);
    const services = await home.json<{ name: string; active: boolean }[]>('service', 'list');
    expect(services).toContainEqual(expect.objectContaining({ name: 'hello-world', active: true }));
    const tasks = await home.json<object[]>('task', 'list', 'hello');
    expect(tasks.length).toBeGreaterThan(1);

    await home.must('package', 'uninstall', 'hello-world', '--yes', '--wait');
    expect(await home.json('package', 'list')).toEqual([]);
    await waitFor(
      'nothing of it runs',
      async () => (await home.json<object[]>('task', 'list', 'hello')).length === 0,
    );
    const slaves = await home.must('node', 'list', '--json');
    expect(slaves).not.toContain('hello-world-role');
  });

  it('install of a package that there is not ends with 3', async () => {
    const { code, stderr } = await home.run(['package', 'install', 'nope', '--yes']);
    expect(code).toBe(3);
    expect(stderr).toContain('nope');
  });

  it('repo add, list and remove keep the repositories, in order', async () => {
    const folder = join(home.folder, 'universe');
    const revision = join(folder, 'repo', 'packages', 'M', 'mine', '0');
    await mkdir(revision, { recursive: true });
    await mkdir(join(folder, 'repo', 'meta'), { recursive: true });
    await writeFile(
      join(revision, 'package.json'),
      JSON.stringify({
        packagingVersion: '4.0',
        name: 'mine',
        version: '1',
        description: 'An own package',
        maintainer: 'me@example.com',
        tags: ['own'],
      }),
    );
    await writeFile(
      join(revision, 'marathon.json.mustache'),
      '{"id": "mine", "cmd": "sleep 1000", "cpus": 0.1, "mem": 16}',
    );
    await home.must('package', 'repo', 'add', 'own', folder, '--index', '0');
    const { repositories } = await home.json<{ repositories: { name: string }[] }>('package', 'repo', 'list');
    expect(repositories[0]?.name).toBe('own');
    const found = await home.json<{ packages: { name: string }[] }>('package', 'search', 'mine');
    expect(found.packages.map(({ name }) => name)).toEqual(['mine']);
    await home.must('package', 'repo', 'remove', 'own');
    expect((await home.run(['package', 'describe', 'mine'])).code).toBe(3);
  });
});
