import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';

/**
 * What the original's own tests asked of its command line (cli.md 16.2), asked of this one on a cluster of its own. Words
 * and exit codes are Plenum's where it decided for better ones: 3 for what is not there, 4 for what is in the way.
 */

const APP = { id: '/zero-instance-app', cmd: 'exec sleep 1000', cpus: 0.01, mem: 16, instances: 0 };
const ID = 'zero-instance-app';

let home: PlenumHome;
let definitions: Server;

beforeAll(async () => {
  home = await createPlenumHome();
  await home.up('--agents', '2');
  definitions = createServer((_request, response) =>
    response.end(JSON.stringify({ ...APP, id: '/from-a-url' })),
  );
  await new Promise<void>((resolve) => definitions.listen(0, '127.0.0.1', resolve));
}, 120_000);

afterAll(async () => {
  definitions.close();
  await home.remove();
});

const run = (line: string, input?: string) => home.run(line.split(' '), input === undefined ? {} : { input });
const app = (args: string, input?: string) => run(`marathon app ${args}`, input);
const json = async <T>(line: string): Promise<T> =>
  JSON.parse(await home.must(...line.split(' '), '--json')) as T;
const deployments = () => json<object[]>('marathon deployment list');
const settled = () => waitFor('no deployment', async () => (await deployments()).length === 0);

describe('Marathon', () => {
  it('tells about itself, and that it is there', async () => {
    expect(JSON.parse((await run('marathon about')).stdout)).toMatchObject({ name: 'marathon' });
    expect((await run('marathon ping')).stdout).toContain('pong');
    expect(JSON.parse((await run('marathon leader show --json')).stdout)).toHaveProperty('ip');
  });
});

describe('apps', () => {
  it('of an empty cluster are none, silently', async () => {
    expect(await app('list --json')).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
  });

  it('are added from a file, a URL and standard input, once', async () => {
    const file = join(home.folder, 'app.json');
    await writeFile(file, JSON.stringify(APP));
    expect((await app(`add ${file}`)).stdout).toMatch(/^Created deployment /);
    const { port } = definitions.address() as AddressInfo;
    expect((await app(`add http://127.0.0.1:${port}/app.json`)).stdout).toMatch(/^Created deployment /);
    expect((await app('add', JSON.stringify({ ...APP, id: '/from-input' }))).stdout).toMatch(
      /^Created deployment /,
    );
    const again = await app(`add ${file}`);
    expect(again).toMatchObject({ code: 4, stderr: expect.stringContaining('/zero-instance-app') });
    await settled();
  });

  it.each([
    ['a file that is not there', 'add bad_resource', undefined, 3, 'bad_resource'],
    ['what is no JSON', 'add', '{ "id": ', 1, 'JSON'],
    [
      'a network that there is not',
      'add',
      '{"id":"/x","cmd":"x","container":{"docker":{"image":"x","network":"Q"}}}',
      1,
      '/container/docker/network',
    ],
  ])('are refused: %s', async (_what, args, input, code, text) => {
    const { code: ended, stderr } = await app(args, input);
    expect(ended).toBeGreaterThanOrEqual(1);
    expect(code === 3 ? ended : 1).toBe(code);
    expect(stderr).toContain(text);
  });

  it('are shown as they are and as they were', async () => {
    const { version } = await json<{ version: string }>(`marathon app show ${ID}`);
    await home.must('marathon', 'app', 'update', ID, 'mem=17', '--wait');
    expect(JSON.parse((await app(`show ${ID} --app-version=${version}`)).stdout)).toMatchObject({ mem: 16 });
    expect(JSON.parse((await app(`show ${ID} --app-version=-1`)).stdout)).toMatchObject({ mem: 16 });
    expect((await app(`show ${ID} --app-version=-200`)).code).toBeGreaterThan(0);
    expect((await app(`show ${ID} --app-version=2000-02-11T20:39:32.972Z`)).code).toBe(3);
    expect((await app(`show ${ID} --app-version=20:39:32.972Z`)).code).toBeGreaterThan(0);
    expect((await app(`show ${ID} --app-version=2`)).code).toBe(2);
    const versions = await json<string[]>(`marathon app version list ${ID}`);
    expect(versions.length).toBeGreaterThanOrEqual(2);
    expect(await json<string[]>(`marathon app version list ${ID} --max-count=1`)).toHaveLength(1);
  });

  it.each(['start', 'stop', 'restart', 'show', 'version list', 'kill', 'remove'])(
    '%s of one that there is not says so',
    async (action) => {
      const { code, stderr } = await app(`${action} missing-id`);
      expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('/missing-id') });
    },
  );

  it('are updated by words and by standard input, and not by what makes no sense', async () => {
    expect((await app('update missing-id cpus=1')).code).toBe(3);
    expect((await app(`update ${ID} cpus="text"`)).stderr).toContain('/cpus');
    expect((await home.run(['marathon', 'app', 'update', '{', 'instances'])).code).toBeGreaterThan(0);
    for (const words of [['cpus=0.02', 'mem=20', 'cmd=exec sleep 100'], ['env={"key":"/value"}']]) {
      expect(await home.must('marathon', 'app', 'update', ID, ...words)).toMatch(/^Created deployment /);
      await settled();
    }
    expect((await app(`update ${ID}`, '{"env":{"key":"other"}}')).stdout).toMatch(/^Created deployment /);
    await settled();
    expect(await json(`marathon app show ${ID}`)).toMatchObject({ env: { key: 'other' }, mem: 20 });
  });

  it('are started, killed, scaled down by a kill, and stopped', async () => {
    expect((await app(`restart ${ID}`)).code).toBeGreaterThan(0);
    expect((await app(`kill ${ID} --json`)).stdout).toContain('[]');
    await home.must('marathon', 'app', 'start', ID, '3', '--wait');
    expect((await app(`start ${ID}`)).code).toBeGreaterThan(0);
    const before = await json<{ id: string }[]>(`marathon task list ${ID}`);
    expect(before).toHaveLength(3);
    expect(await json('marathon task list missing')).toEqual([]);
    expect((await run(`marathon task list ${ID}`)).stdout.trimEnd().split('\n')).toHaveLength(4);
    await home.must('marathon', 'app', 'kill', ID, '--wait');
    const after = await json<{ id: string }[]>(`marathon task list ${ID}`);
    expect(after.map(({ id }) => id).filter((id) => before.some((task) => task.id === id))).toEqual([]);
    await home.must('marathon', 'app', 'stop', ID, '--wait');
    expect((await app(`stop ${ID}`)).code).toBeGreaterThan(0);
    expect(await json(`marathon task list ${ID}`)).toEqual([]);
  }, 120_000);
});

describe('deployments', () => {
  it('are listed while they go on, stopped and rolled back', async () => {
    const waiting = JSON.stringify({ ...APP, id: '/too-large', cpus: 1_000, instances: 1 });
    expect((await app('add', waiting)).code).toBe(0);
    const [deployment] = await json<{ id: string }[]>('marathon deployment list');
    expect(await json('marathon deployment list nothing')).toEqual([]);
    const rolledBack = await run(`marathon deployment rollback ${deployment?.id}`);
    expect(rolledBack.code).toBe(0);
    await settled();
    await app('add', waiting);
    const [second] = await json<{ id: string }[]>('marathon deployment list');
    expect((await run(`marathon deployment stop ${second?.id}`)).code).toBe(0);
    await settled();
    await home.must('marathon', 'app', 'remove', 'too-large');
    await settled();
  });

  it('that there are not are told of', async () => {
    expect((await run('marathon deployment rollback missing')).code).toBe(3);
    expect((await run('marathon deployment stop missing')).code).toBe(3);
  });
});

describe('groups', () => {
  const group = { id: '/test-group', apps: [{ ...APP, id: 'one', instances: 1 }] };

  it('are added once, scaled and removed', async () => {
    expect((await run('marathon group add', JSON.stringify(group))).code).toBe(0);
    await settled();
    expect((await run('marathon group add', JSON.stringify(group))).stderr).toContain('/test-group');
    expect((await run('marathon group scale test-group 2')).code).toBe(0);
    await settled();
    expect(await json('marathon app show test-group/one')).toMatchObject({ instances: 2 });
    expect((await run('marathon group scale test-group 1.a')).code).toBe(2);
    expect((await run('marathon group scale test-group -1')).code).toBe(2);
    expect((await run('marathon group show missing-id')).code).toBe(3);
    await home.must('marathon', 'group', 'remove', 'test-group');
    await settled();
  }, 60_000);

  it('are refused when an app in them is wrong, with its path', async () => {
    const { code, stderr } = await run('marathon group add', '{"id":"/g","groups":[{"id":"h","apps":[{}]}]}');
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(/groups.*apps.*id/);
  });
});

describe('tasks, packages, jobs and nodes', () => {
  it('that there are not are told of', async () => {
    expect((await run('task list bogus --json')).stdout).toBe('[]\n');
    for (const line of [
      'task log bogus',
      'task ls bogus',
      'marathon task show missing-id',
      'package describe xyzzy',
      'package install xyzzy --yes',
      'package describe hello-world --package-version=a.b.c',
      'job show invalid',
      'job history invalid',
      'node drain missing',
    ]) {
      const { code, stderr } = await run(line);
      expect({ line, code, lines: stderr.trim().split('\n').length <= 3 }).toEqual({
        line,
        code: 3,
        lines: true,
      });
    }
  });

  it('whose id can be none are refused by Marathon itself', async () => {
    expect(await run('marathon task stop missing-id')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Invalid task id 'missing-id'"),
    });
  });

  it('show every byte that is printed, and end as the command ended', async () => {
    await home.must(
      'marathon',
      'app',
      'update',
      ID,
      'instances=1',
      'cmd=echo begun; exec sleep 1000',
      '--wait',
    );
    const long = 'x'.repeat(5_000);
    expect((await home.run(['task', 'exec', ID, 'printf', long])).stdout).toBe(long);
    expect(
      (await home.run(['task', 'exec', '-i', ID, 'cat'], { input: 'a\u00e9\n'.repeat(2_000) })).stdout,
    ).toBe('a\u00e9\n'.repeat(2_000));
    const counted = await home.run(['task', 'exec', ID, 'sh', '-c', 'seq 10000']);
    expect(counted.stdout.split('\n')).toHaveLength(10_001);
    expect((await home.run(['task', 'exec', ID, 'sh', '-c', 'exit 10'])).code).toBe(10);
    expect((await run(`task log ${ID} --lines=1`)).stdout).toBe('begun\n');
    await home.must('marathon', 'app', 'stop', ID, '--wait');
    expect((await run(`task list ${ID} --json`)).stdout).toBe('[]\n');
    expect(JSON.parse((await run(`task list ${ID} --completed --json`)).stdout)).not.toEqual([]);
  }, 60_000);

  it('have the headings that scripts cut by', async () => {
    const { stdout } = await run('node list --field=used_resources.disk');
    expect(stdout.split('\n')[0]).toContain('USED RESOURCES DISK');
    expect(stdout.split('\n')[0]).toMatch(/^HOSTNAME +IP +PUBLIC IP\(S\) +ID +TYPE/);
    expect((await run('package search *wor*')).stdout).toContain('hello-world');
    expect((await run('package search hello*')).stdout).toContain('hello-world');
  });
});
