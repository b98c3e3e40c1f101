import { posix } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster, task } from './fake-cluster.ts';

const SANDBOX = '/frameworks/F/executors/web.1/runs/latest';

let cluster: FakeCluster;
/** Contents by path. */
let files: Map<string, Buffer>;
let tasks: object[];

const put = (name: string, content: string | Buffer, sandbox = SANDBOX): void => {
  files.set(`${sandbox}/${name}`, Buffer.from(content));
};

const browse = (path: string) => {
  const entries = [...files.keys()].filter((file) => posix.dirname(file) === path);
  const isFolder = [...files.keys()].some((file) => file.startsWith(`${path}/`));
  if (!isFolder) return { status: 404 };
  const base = { mtime: 0, mode: '-rw-r--r--', nlink: 1, uid: 'me', gid: 'us' };
  return { body: entries.map((file) => ({ ...base, path: file, size: files.get(file)?.length ?? 0 })) };
};

beforeEach(async () => {
  files = new Map();
  tasks = [task('web.1')];
  cluster = await startFakeCluster({
    'GET /mesos/tasks': () => ({ body: { tasks } }),
    'GET /agent/S0/files/debug': () => ({ body: {} }),
    'GET /agent/S0/files/browse': ({ target }) =>
      browse(new URL(target, 'http://x').searchParams.get('path') ?? ''),
    'GET /agent/S0/files/read': ({ target }) => {
      const file = files.get(new URL(target, 'http://x').searchParams.get('path') ?? '');
      return file ? { body: { data: '', offset: file.length } } : { status: 404 };
    },
    'POST /agent/S0/api/v1': ({ body }) => {
      const { path, offset, length = 65_536 } = JSON.parse(body).read_file;
      const file = files.get(path);
      if (!file) return { status: 404 };
      const data = file.subarray(offset, offset + Math.min(length, 65_536)).toString('base64');
      return { body: { read_file: { size: file.length, data } } };
    },
  });
  put('stdout', 'one\ntwo\nthree\n');
});

afterEach(() => cluster.close());

describe('task log', () => {
  const log = async (...args: string[]) => (await cluster.run(['task', 'log', ...args])).stdout;

  it('prints the last lines of standard output', async () => {
    expect(await log('web')).toBe('one\ntwo\nthree\n');
    expect(await log('web', '--lines', '2')).toBe('two\nthree\n');
    expect(await log('web', '--lines', '0')).toBe('');
    put('stdout', 'one\ntwo\nno end');
    expect(await log('web', '--lines', '1')).toBe('no end');
    put('stdout', '');
    expect(await log('web')).toBe('');
  });

  it('finds lines however long the file, and breaks no character', async () => {
    const line = `${'ü'.repeat(40_000)}\n`;
    put('stdout', `first\n${line}${line}`);
    expect(await log('web', '--lines', '2')).toBe(line + line);
    expect(await log('web', '--lines', '3')).toBe(`first\n${line}${line}`);
  });

  it('prints another file, or says that there is none', async () => {
    put('stderr', 'oops\n');
    expect(await log('web', 'stderr')).toBe('oops\n');
    const { code, stderr } = await cluster.run(['task', 'log', 'web', 'nope']);
    expect(code).toBe(3);
    expect(stderr).toContain('has no file nope');
  });

  it('heads the parts of several tasks', async () => {
    tasks = [task('web.1'), task('web.2')];
    put('stdout', 'other\n', SANDBOX.replace('web.1', 'web.2'));
    expect(await log('web')).toBe('===> web.1 <===\none\ntwo\nthree\n===> web.2 <===\nother\n');
    expect(await log('web.2')).toBe('other\n');
    expect(
      (await log('web', '--json'))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { task: 'web.1', file: 'stdout', text: 'one\ntwo\nthree\n' },
      { task: 'web.2', file: 'stdout', text: 'other\n' },
    ]);
  });

  it('takes the latest that ended when none runs', async () => {
    tasks = [task('web.0', { state: 'TASK_FAILED' }), task('web.1', { state: 'TASK_FINISHED' })];
    expect(await log('web')).toBe('one\ntwo\nthree\n');
    expect((await cluster.run(['task', 'log', 'nope'])).code).toBe(3);
  });

  describe('--since', () => {
    const since = (...args: string[]) => cluster.run(['task', 'log', 'web', '--since', '10m', ...args]);
    const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

    it('goes by the times of lines; those without one belong to the one before', async () => {
      put('stdout', `${minutesAgo(30)} old\n  of the old\n${minutesAgo(5)} new\n  of the new\n`);
      const { code, stdout, stderr } = await since();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^\S+ new\n {2}of the new\n$/);
      put('stdout', `${minutesAgo(30)} old\n  of the old\n`);
      expect(await since()).toEqual({ code: 0, stdout: '', stderr: '' });
    });

    it('prints the last lines where none has a time, and says so', async () => {
      expect(await since('--lines', '2')).toEqual({
        code: 0,
        stdout: 'two\nthree\n',
        stderr: 'No line of stdout of web.1 begins with a time: these are its last 2 (--lines)\n',
      });
    });

    it('has every task speak for itself', async () => {
      tasks = [task('web.1'), task('web.2')];
      put('stdout', `${minutesAgo(5)} new\n`, SANDBOX.replace('web.1', 'web.2'));
      const { code, stdout, stderr } = await since();
      expect(code).toBe(0);
      expect(stdout).toMatch(/^===> web\.1 <===\none\ntwo\nthree\n===> web\.2 <===\n\S+ new\n$/);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    });
  });

  it('finds sandboxes of agents that know no name for the latest run, and of tasks in groups', async () => {
    const run = '/var/slaves/S0/frameworks/F/executors/exec/runs/parent';
    const containerId = { value: 'child', parent: { value: 'parent' } };
    const statuses = [
      { state: 'TASK_RUNNING', timestamp: 1, container_status: { container_id: containerId } },
    ];
    tasks = [task('web.1', { executor_id: 'exec', statuses })];
    cluster.answers['GET /agent/S0/files/debug'] = { body: { [run]: run } };
    put('stdout', 'from a group\n', `${run}/containers/child`);
    expect(await log('web')).toBe('from a group\n');
  });

  it('of a sandbox that is gone says so', async () => {
    files.clear();
    const { code, stderr } = await cluster.run(['task', 'log', 'web']);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: 'Error: The sandbox of web.1 is gone from agent S0\n',
    });
  });

  it('--follow prints what is written until the task ends, also after the file was begun anew', async () => {
    const steps = [
      () => put('stdout', 'one\ntwo\nthree\nfour\n'),
      () => put('stdout', 'new\n'),
      () => {
        put('stdout', 'new\nlast\n');
        tasks = [task('web.1', { state: 'TASK_KILLED' })];
      },
    ];
    const read = cluster.answers['POST /agent/S0/api/v1'];
    let isFollowing = false;
    cluster.answers['POST /agent/S0/api/v1'] = async (request) => {
      const answer = await (typeof read === 'function' ? read(request) : { status: 500 });
      // Nothing new was found: something is written before it looks again.
      const isAtEnd = (answer.body as { read_file: { data: string } }).read_file.data === '';
      if (isFollowing && isAtEnd) steps.shift()?.();
      isFollowing = true;
      return answer;
    };
    expect(await log('web', '--follow', '--lines', '1')).toBe('three\nfour\nnew\nlast\n');
  });

  it('--follow goes on where it was when the agent answers again, and says so', async () => {
    const read = cluster.answers['POST /agent/S0/api/v1'];
    const answers: (() => { status: number } | undefined)[] = [
      () => undefined,
      () => ({ status: 502 }),
      () => ({ status: 503 }),
      () => {
        put('stdout', 'one\ntwo\nthree\nfour\n');
        tasks = [task('web.1', { state: 'TASK_FINISHED' })];
        return undefined;
      },
    ];
    cluster.answers['POST /agent/S0/api/v1'] = (request) =>
      answers.shift()?.() ?? (typeof read === 'function' ? read(request) : { status: 500 });
    const { code, stdout, stderr } = await cluster.run(['task', 'log', 'web', '--follow', '-n', '1']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'three\nfour\n' });
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining('trying again'),
      'The log of web.1 goes on',
      '',
    ]);
  });

  it('--follow --restarts goes on with the tasks that come', async () => {
    const controller = new AbortController();
    const second = SANDBOX.replace('web.1', 'web.2');
    const read = cluster.answers['POST /agent/S0/api/v1'];
    cluster.answers['POST /agent/S0/api/v1'] = (request) => {
      const { path, offset } = JSON.parse(request.body).read_file;
      if (path.startsWith(SANDBOX)) {
        put('stdout', 'again\n', second);
        tasks = [task('web.1', { state: 'TASK_FAILED' }), task('web.2')];
      } else if (offset > 0) controller.abort();
      return typeof read === 'function' ? read(request) : { status: 500 };
    };
    const args = ['task', 'log', 'web', '--follow', '--restarts', '-n', '1'];
    const { code, stdout, stderr } = await cluster.run(args, { signal: controller.signal });
    expect(code).toBe(130);
    expect(stdout).toBe('===> web.1 <===\nthree\n===> web.2 <===\nagain\n');
    expect(stderr).toContain('web.2 has begun');
  });

  it('of several tasks that are watched has the id before each line, in colours', async () => {
    tasks = [task('web.1', { state: 'TASK_FINISHED' }), task('web.2', { state: 'TASK_FINISHED' })];
    put('stdout', 'other\nend', SANDBOX.replace('web.1', 'web.2'));
    const { stdout } = await cluster.run(['task', 'log', 'web', '--all', '--follow', '-n', '1'], {
      isTty: true,
    });
    expect(stripVTControlCharacters(stdout)).toBe('web.1 three\nweb.2 end\n');
    expect(stdout).toContain('\u001b[36mweb.1\u001b[39m three');
  });

  it('--follow ends with 130 when it is interrupted', async () => {
    const controller = new AbortController();
    let asked = 0;
    const read = cluster.answers['POST /agent/S0/api/v1'];
    cluster.answers['POST /agent/S0/api/v1'] = (request) => {
      if (++asked === 3) controller.abort();
      return typeof read === 'function' ? read(request) : { status: 500 };
    };
    const { code } = await cluster.run(['task', 'log', 'web', '--follow'], { signal: controller.signal });
    expect(code).toBe(130);
  });
});

describe('task ls', () => {
  const ls = (...args: string[]) => cluster.run(['task', 'ls', ...args]);

  it('lists names, and with --long all about them', async () => {
    put('stderr', '');
    expect((await ls('web')).stdout).toBe('stdout  stderr\n');
    expect((await ls('web', '--long')).stdout.split('\n').slice(0, 2)).toEqual([
      'MODE        LINKS  UID  GID  SIZE  DATE                      NAME',
      '-rw-r--r--      1  me   us     14  1970-01-01T00:00:00.000Z  stdout',
    ]);
    expect(JSON.parse((await ls('web', '--json')).stdout)).toHaveLength(2);
  });

  it('never asks for what lies outside the sandbox', async () => {
    put('logs/app.log', 'x');
    expect((await ls('web', 'logs')).stdout).toBe('app.log\n');
    expect((await ls('web', '../../../../logs/..')).stdout).toContain('stdout');
    expect((await ls('web', 'nope')).code).toBe(3);
  });
});
