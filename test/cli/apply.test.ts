import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineCluster, startEngineCluster } from './engine-cluster.ts';
import { startFakeCluster } from './fake-cluster.ts';
import type { PlenumResult } from './run-plenum.ts';

let cluster: EngineCluster;
let base: string;
let folder: string;

beforeEach(async () => {
  cluster = await startEngineCluster();
  base = mkdtempSync(join(tmpdir(), 'plenum-apply-'));
  folder = join(base, 'shop', 'deploy');
});

afterEach(async () => {
  rmSync(base, { recursive: true });
  await cluster.close();
});

const write = (name: string, content: unknown): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const apply = (...args: string[]): Promise<PlenumResult> =>
  cluster.runInTime(['marathon', 'apply', '-f', folder, ...args]);

const app = (id: string, more = {}): object => ({ id, cmd: 'sleep 600', cpus: 0.1, mem: 16, ...more });

const appAt = async (id: string) => (await cluster.marathon.call('GET', `/v2/apps${id}`)).body.app;
const appIds = async () =>
  (await cluster.marathon.call('GET', '/v2/apps')).body.apps?.map(({ id }) => id).sort();

const POD = `id: /shop/worker
scaling: {kind: fixed, instances: 1}
containers:
  - name: main
    resources: {cpus: 0.1, mem: 16}
    exec: {command: {shell: sleep 600}}
`;

describe('marathon apply', () => {
  it('makes what files define, of all kinds, and then there is nothing to do', async () => {
    write('web.json', app('/shop/web', { dependencies: ['db'] }));
    write(
      'nested/group.yaml',
      `id: /shop\ndependencies: []\napps:\n  - {id: db, cmd: sleep 600, mem: 16}\n---\n${POD}`,
    );
    write('list.json', [app('one'), app('/two')]);
    write('notes.txt', 'not a definition');
    write('.hidden.json', 'nor this');
    const first = await apply('--wait');
    expect(first).toMatchObject({ code: 0, stderr: '6 changes deployed\n' });
    expect(first.stdout.split('\n').slice(0, 6)).toEqual([
      '+ group /shop is new',
      '+ /one is new',
      '+ /two is new',
      '+ /shop/db is new',
      '+ /shop/web is new',
      '+ pod /shop/worker is new',
    ]);
    expect(await appAt('/shop/web')).toMatchObject({
      tasksRunning: 1,
      dependencies: ['/shop/db'],
      labels: { PLENUM_APPLIED_BY: 'shop/deploy' },
    });
    expect((await cluster.marathon.call('GET', '/v2/pods')).body).toMatchObject([
      { id: '/shop/worker', labels: { PLENUM_APPLIED_BY: 'shop/deploy' } },
    ]);
    expect(await apply('--wait')).toEqual({ code: 0, stdout: 'Nothing to do\n', stderr: '' });
  });

  it('prints the difference, and changes only what differs', async () => {
    const web = write('web.json', app('/web', { env: { A: '1' } }));
    write('other.json', app('/other'));
    await apply('--wait');
    writeFileSync(web, JSON.stringify(app('/web', { mem: 32 })));
    const dry = await apply('--dry-run');
    const diff = ['~ /web changes', '    - /env: {"A":"1"}', '    - /mem: 16', '    + /mem: 32', ''].join(
      '\n',
    );
    expect([dry.code, dry.stdout]).toEqual([0, diff]);
    const { version } = (await appAt('/other')) ?? {};
    const { code, stdout } = await apply('--wait');
    expect([code, stdout]).toEqual([0, expect.stringContaining(`${diff}Created deployment `)]);
    expect(await appAt('/web')).toMatchObject({ mem: 32 });
    expect(await appAt('/other')).toMatchObject({ version });
  });

  it('leaves the number of instances, where it is not said, to whoever scales', async () => {
    write('web.yaml', 'id: /web\ncmd: sleep 600\nmem: 16\ncpus: 0.1\n');
    write('pod.yaml', POD.replace(/scaling.*\n/, ''));
    await apply('--wait');
    await cluster.runInTime(['marathon', 'app', 'scale', '/web', '3', '--wait']);
    expect((await apply()).stdout).toBe('Nothing to do\n');
    expect(await appAt('/web')).toMatchObject({ instances: 3 });
  });

  it('with --prune removes what it applied and what is gone, and nothing else', async () => {
    const web = write('web.json', app('/web'));
    const pod = write('pod.yaml', POD);
    write('api.json', app('/api'));
    await apply('--wait');
    await cluster.marathon.call('POST', '/v2/apps', app('/theirs'));
    await cluster.marathon.call('POST', '/v2/apps', app('/others', { labels: { PLENUM_APPLIED_BY: 'x' } }));
    rmSync(web);
    rmSync(pod);
    expect((await apply()).stdout).toBe('Nothing to do\n');
    const pruned = await apply('--prune', '--wait');
    expect([pruned.code, pruned.stdout]).toEqual([
      0,
      expect.stringMatching(/^- \/web is removed\n- pod \/shop\/worker is removed\n/),
    ]);
    expect(await appIds()).toEqual(['/api', '/others', '/theirs']);
    expect((await cluster.marathon.call('GET', '/v2/pods')).body).toEqual([]);
  });

  it('with --prune removes groups in which nothing else was, and no others', async () => {
    const gone = [
      write('mine.json', app('/mine/deep/web')),
      write('shared.json', app('/shared/web')),
      write('role.json', { id: '/role', enforceRole: true, apps: [app('web', { role: 'role' })] }),
    ];
    write('kept.json', app('/kept/inner/web'));
    gone.push(write('kept-api.json', app('/kept/other/api')));
    await apply('--wait');
    await cluster.marathon.call('POST', '/v2/apps', app('/shared/theirs'));
    await cluster.marathon.call('POST', '/v2/groups', { id: '/empty' });
    for (const file of gone) rmSync(file);
    const pruned = await apply('--prune', '--wait');
    expect(pruned.code).toBe(0);
    expect(pruned.stdout.split('\n').filter((line) => line.startsWith('- group'))).toEqual([
      '- group /kept/other is removed',
      '- group /mine is removed',
    ]);
    const { body } = await cluster.marathon.call('GET', '/v2/groups?embed=group.groups');
    expect(body.groups?.map(({ id }) => id).sort()).toEqual(['/empty', '/kept', '/role', '/shared']);
    expect((await apply('--prune')).stdout).toBe('Nothing to do\n');
  });

  it('refuses to prune by a part of a set', async () => {
    const file = write('web.json', app('/web'));
    const { code, stderr } = await cluster.run(['marathon', 'apply', '-f', file, '--prune']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--set shop/deploy')]);
  });

  it('takes over what is as it should be only when a set is named, without a restart', async () => {
    await cluster.marathon.call('POST', '/v2/apps', app('/web'));
    await cluster.marathon.harness.deployed();
    const [task] = (await cluster.marathon.call('GET', '/v2/apps/web/tasks')).body.tasks ?? [];
    write('web.json', app('/web'));
    expect((await apply()).stdout).toBe('Nothing to do\n');
    expect((await apply('--set', 'mine', '--wait')).stdout).toMatch(
      /^~ \/web changes\n {4}\+ \/labels\/PLENUM_APPLIED_BY: "mine"\n/,
    );
    expect((await cluster.marathon.call('GET', '/v2/apps/web/tasks')).body.tasks).toMatchObject([
      { id: task?.id },
    ]);
  });

  it('reads standard input', async () => {
    const { code } = await cluster.runInTime(
      ['marathon', 'apply', '-f', '-', '--wait'],
      '---\nid: /a\ncmd: sleep 600\nmem: 16\n---\n---\nid: /b\ncmd: sleep 600\nmem: 16\n',
    );
    expect([code, await appIds()]).toEqual([0, ['/a', '/b']]);
    expect(await appAt('/a')).toMatchObject({ labels: {} });
  });

  it('ends with 1 when a deployment fails', async () => {
    write('web.json', app('/web', { cpus: 1000 }));
    const { code, stderr } = await apply('--wait', '--deadline', '1m');
    expect([code, stderr]).toEqual([1, expect.stringContaining('No progress for 60 s')]);
  });

  it('as JSON gives the changes and the deployments', async () => {
    write('web.json', app('/web'));
    const { stdout } = await apply('--json', '--wait');
    expect(JSON.parse(stdout)).toEqual({
      set: 'shop/deploy',
      changes: [{ kind: 'app', id: '/web', change: 'create', changes: [] }],
      deployments: [expect.any(String)],
    });
  });

  it('changes groups, and keeps what is in them', async () => {
    await cluster.marathon.call('POST', '/v2/apps', app('/shop/web'));
    await cluster.marathon.harness.deployed();
    write('shop.yaml', 'id: /shop\nenforceRole: true\ndependencies: [/base]\ngroups:\n  - id: empty\n');
    expect((await apply('--wait')).stdout).toMatch(
      /^~ group \/shop changes\n.*\/dependencies: \[\]\n.*\["\/base"\]\n.*enforceRole: false\n.*enforceRole: true\n\+ group \/shop\/empty is new\n/,
    );
    expect(await appIds()).toEqual(['/shop/web']);
    expect((await apply()).stdout).toBe('Nothing to do\n');
  });
});

describe('what is wrong with definitions', () => {
  it.each([
    ['no JSON', 'a.json', '{\n  "id": "/a",\n  cmd\n}', /a\.json:3:3: this is no JSON/],
    ['no YAML', 'a.yaml', 'id: /a\ncmd: [\n', /a\.yaml:\d:\d: this is no YAML/],
    ['no object', 'a.yaml', 'id: /a\ncmd: x\n---\n- 1\n', /a\.yaml:4:3: an object is expected/],
    ['no id', 'a.yaml', 'cmd: x\n---\nid: /b\ncmd: x\n', /a\.yaml:1:1: an "id" is needed/],
    ['no kind', 'a.yaml', 'id: /a\ninstances: 2\n', /a\.yaml:2:1: \/a is no app .* has no "instances"/],
    ['a broken list', 'a.json', '{"id": "/g",\n"apps": [1]}', /a\.json:2:10: an object is expected/],
    [
      'one id twice',
      'a.yaml',
      'id: /a\ncmd: x\n---\nid: a\ncmd: y\n',
      /a\.yaml:4:1: \/a is there twice, see .*a\.yaml:1:1/,
    ],
  ])('is told with its place: %s', async (_, name, text, message) => {
    write(name, text);
    const { code, stderr } = await apply();
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(await appIds()).toEqual([]);
  });

  it('is told with its place where Marathon finds it, and nothing is changed', async () => {
    write('a.json', app('/a'));
    write('b.yaml', 'id: /g\napps:\n  - id: web\n    cmd: sleep 600\n    instances: -1\n');
    write('c.yaml', POD.replace('fixed', 'endless'));
    const { code, stderr } = await apply();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Error: Marathon does not take the definitions\n {2}\S+b\.yaml:5:5: .*\/instances/,
    );
    rmSync(join(folder, 'b.yaml'));
    expect((await apply()).stderr).toMatch(/c\.yaml:2:\d+: .*kind/);
    expect(await appIds()).toEqual([]);
  });

  it('may be that there are none', async () => {
    mkdirSync(folder, { recursive: true });
    const { code, stderr } = await apply('--prune');
    expect([code, stderr]).toEqual([1, expect.stringContaining('There are no definitions in')]);
  });
});

describe('marathon apply with a Marathon that has no dry runs', () => {
  it('compares what is given itself, and sends what differs', async () => {
    const M = '/service/marathon/v2';
    const other = await startFakeCluster({
      [`GET ${M}/deployments/none`]: { status: 405, body: {} },
      [`GET ${M}/apps`]: {
        body: {
          apps: [
            { id: '/same', cmd: 'x', mem: 128, labels: {}, networks: [{ mode: 'host', name: 'x' }] },
            { id: '/differs', cmd: 'x', instances: 4, labels: {} },
          ],
        },
      },
      [`GET ${M}/groups`]: { body: { id: '/', groups: [] } },
      [`PUT ${M}/apps`]: { body: { deploymentId: 'd-1', version: 'v' } },
    });
    write('a.json', { id: '/same', cmd: 'x', networks: [{ mode: 'host' }] });
    write('b.json', { id: '/differs', cmd: 'y' });
    const { code, stdout } = await other.run(['marathon', 'apply', '-f', folder]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('~ /differs changes\n    - /cmd: "x"\n    + /cmd: "y"'),
    ]);
    expect(other.changes()).toEqual([
      expect.stringMatching(/^PUT \S+\/apps\S* \[\{"id":"\/differs","cmd":"y",.*"instances":4\}\]$/),
    ]);
    await other.close();
  });
});
