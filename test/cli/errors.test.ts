import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';
import { runPlenum } from './run-plenum.ts';

let cluster: FakeCluster;

beforeEach(async () => {
  cluster = await startFakeCluster();
});

afterEach(() => cluster.close());

const APPS = 'GET /service/marathon/v2/apps';
const list = () => cluster.run(['marathon', 'app', 'list', '--json']);

describe('exit codes', () => {
  it.each([
    [401, 5],
    [403, 5],
    [404, 3],
    [409, 4],
    [422, 1],
    [500, 1],
    [502, 6],
    [503, 1],
  ])('an answer of %d ends with %d', async (status, code) => {
    cluster.answers[APPS] = { status, body: { message: 'what the server said' } };
    const result = await list();
    expect(result.code).toBe(code);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(/^Error: what the server said\n/);
  });

  it.each([
    ['PackageNotFound', 3],
    ['PackageAlreadyInstalled', 4],
    ['JsonSchemaMismatch', 1],
  ])('%s of the package service ends with %d, whatever its status', async (type, code) => {
    cluster.answers['POST /package/search'] = { status: 400, body: { type, message: 'no' } };
    expect((await cluster.run(['package', 'search'])).code).toBe(code);
  });

  it('a cluster that cannot be reached ends with 6, and says what to do', async () => {
    const { url } = cluster.server;
    await cluster.close();
    const { code, stderr } = await runPlenum(['node', 'list', '--cluster', url]);
    expect(code).toBe(6);
    expect(stderr).toBe(
      `Error: Mesos at ${url} cannot be reached: nothing listens there\n  plenum status tells how the local cluster is, plenum cluster list where the others are\n`,
    );
  });

  it('an answer that does not come in time ends with 7', async () => {
    cluster.answers['GET /mesos/slaves'] = () => new Promise(() => undefined);
    expect((await cluster.run(['node', 'list', '--timeout', '50ms'])).code).toBe(7);
  });

  it('an interruption ends with 130', async () => {
    const controller = new AbortController();
    cluster.answers['GET /mesos/slaves'] = () => {
      controller.abort();
      return new Promise(() => undefined);
    };
    expect((await cluster.run(['node', 'list'], { signal: controller.signal })).code).toBe(130);
  });
});

describe('an error', () => {
  it('names every field that is wrong, and puts codes into words', async () => {
    cluster.answers['POST /service/marathon/v2/apps'] = {
      status: 422,
      body: {
        message: 'Object is not valid',
        details: [
          { path: '/instances', errors: ['error.min'] },
          { path: '/cmd', errors: ['must be there', 'or args'] },
        ],
      },
    };
    const { code, stderr } = await cluster.run(['marathon', 'app', 'add'], { input: '{"id": "/x"}' });
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      'Error: Object is not valid',
      '  /instances: is too small (error.min)',
      '  /cmd: must be there',
      '  /cmd: or args',
      '',
    ]);
  });

  it('of a lock names the deployments and what can be done', async () => {
    cluster.answers['GET /service/marathon/v2/apps/x'] = { body: { app: { id: '/x', instances: 1 } } };
    cluster.answers['PUT /service/marathon/v2/apps/x'] = {
      status: 409,
      body: { message: 'App is locked', deployments: [{ id: 'dep-1' }] },
    };
    const { code, stderr } = await cluster.run(['marathon', 'app', 'scale', '/x', '3']);
    expect(code).toBe(4);
    expect(stderr).toContain('deployment dep-1 is under way');
    expect(stderr).toContain('--force');
  });

  it('shows no stack trace, unless PLENUM_DEBUG is set', async () => {
    cluster.answers[APPS] = { status: 500, body: { message: 'broken' } };
    expect((await list()).stderr).not.toMatch(/^\s+at /m);
    const debugged = await cluster.run(['marathon', 'app', 'list'], { env: { PLENUM_DEBUG: '1' } });
    expect(debugged.stderr).toMatch(/^\s+at /m);
  });

  it('never shows the token', async () => {
    cluster.answers[APPS] = { status: 403, body: { message: 'no' } };
    const { stderr } = await cluster.run(['marathon', 'app', 'list'], {
      env: { PLENUM_TOKEN: 'secret-token', PLENUM_DEBUG: '1' },
    });
    expect(stderr).not.toContain('secret-token');
  });
});

describe('wrong usage', () => {
  it.each([
    [['upp'], 'There is no command upp', 'Did you mean plenum up?'],
    [
      ['marathon', 'app', 'lsit'],
      'There is no command marathon app lsit',
      'Did you mean plenum marathon app list?',
    ],
    [['app', 'list'], 'There is no command app list', 'Did you mean plenum marathon app list?'],
    [['pakage', 'search', 'x'], 'There is no command pakage search x', 'Did you mean plenum package search?'],
    [['xyzzy'], 'There is no command xyzzy', 'plenum --help lists those there are'],
    [
      ['cluster', 'xyzzy'],
      'There is no command cluster xyzzy',
      'plenum cluster --help lists those there are',
    ],
    [['up', '--agent', '3'], 'There is no flag --agent of plenum up', 'Did you mean --agents?'],
    [['task', 'list', '--jsn'], 'There is no flag --jsn of plenum task list', 'Did you mean --json?'],
    [['task', 'list', '--xyzzy'], 'There is no flag --xyzzy of plenum task list', 'plenum task list --help'],
    [['up', 'extra'], 'Unexpected argument: extra', 'plenum up --help'],
    [['package', 'install'], 'Missing: NAME', 'plenum package install --help'],
    [['task', 'list', '--timeout', 'soon'], '--timeout: "soon" is no length of time', '30s'],
    [['up', '--port', '70000'], '--port: "70000" is no port', '65535'],
    [['task', 'list', '--all', '--completed'], '--all', 'plenum task list --help'],
    [['marathon', 'app', 'scale', '/x', '-1'], '"-1" is no whole number', ''],
  ])('%j ends with 2 and says what was meant', async (args, message, hint) => {
    const { code, stdout, stderr } = await cluster.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });
});
