import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';

/** The README's tour of apps and tasks through the built executable, against a cluster of its own. */

interface App {
  id: string;
  instances: number;
  tasksRunning: number;
}

interface Task {
  id: string;
  name: string;
  state: string;
}

const LONG_MS = 120_000;
let home: PlenumHome;

beforeAll(async () => {
  home = await createPlenumHome();
  await home.up('--agents', '2');
}, LONG_MS);

afterAll(() => home.remove(), LONG_MS);

describe('marathon', () => {
  it('app add takes a file, waits until it runs, and shows it', async () => {
    const app = await home.write('web.json', {
      id: '/web',
      cmd: 'echo hello from $MESOS_TASK_ID; exec sleep 100000',
      cpus: 0.1,
      mem: 16,
      instances: 2,
    });
    await home.must('marathon', 'app', 'add', app, '--wait');
    const shown = await home.json<App>('marathon', 'app', 'show', '/web');
    expect(shown).toMatchObject({ id: '/web', instances: 2, tasksRunning: 2 });
    const listed = await home.json<App[]>('marathon', 'app', 'list');
    expect(listed.map(({ id }) => id)).toEqual(['/web']);
    expect(await home.must('marathon', 'app', 'list')).toMatch(/^\s*ID .*\n\s*\/web /);
  });

  it('app add takes standard input, and refuses a second app of the same id with 4', async () => {
    const definition = JSON.stringify({ id: '/piped', cmd: 'sleep 100000', cpus: 0.1, mem: 16 });
    expect((await home.run(['marathon', 'app', 'add', '--wait'], { input: definition })).code).toBe(0);
    const again = await home.run(['marathon', 'app', 'add'], { input: definition });
    expect(again.code).toBe(4);
    expect(again.stderr).toContain('/piped');
  });

  it('app add names the field that is wrong', async () => {
    const { code, stderr } = await home.run(['marathon', 'app', 'add'], {
      input: JSON.stringify({ id: '/bad', cmd: 'true', instances: -1 }),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('/instances');
  });

  it('app add names line and column of what is no JSON', async () => {
    const broken = await home.write('broken.json', '{\n  "id": "/x",\n  "cmd": }\n');
    const { code, stderr } = await home.run(['marathon', 'app', 'add', broken]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/broken\.json:3:\d+/);
  });

  it('app update, scale, stop, start and restart change what runs', async () => {
    await home.must('marathon', 'app', 'update', '/web', 'mem=24', '--wait');
    expect(await home.json('marathon', 'app', 'show', '/web')).toMatchObject({ mem: 24, tasksRunning: 2 });
    await home.must('marathon', 'app', 'scale', '/web', '4', '--wait');
    expect(await home.json('marathon', 'app', 'show', '/web')).toMatchObject({ tasksRunning: 4 });
    await home.must('marathon', 'app', 'stop', '/web', '--wait');
    expect(await home.json('marathon', 'app', 'show', '/web')).toMatchObject({
      instances: 0,
      tasksRunning: 0,
    });
    await home.must('marathon', 'app', 'start', '/web', '2', '--wait');
    const before = await home.json<Task[]>('task', 'list', 'web');
    await home.must('marathon', 'app', 'restart', '/web', '--wait');
    const after = await home.json<Task[]>('task', 'list', 'web');
    expect(after).toHaveLength(2);
    expect(after.filter(({ id }) => before.some((task) => task.id === id))).toEqual([]);
  });

  it('app kill has the tasks replaced', async () => {
    const before = await home.json<Task[]>('task', 'list', 'piped');
    await home.must('marathon', 'app', 'kill', '/piped');
    await waitFor('another task runs', async () => {
      const tasks = await home.json<Task[]>('task', 'list', 'piped');
      return tasks.length === 1 && tasks[0]?.id !== before[0]?.id;
    });
  });

  it('deployment list shows what is under way, watch ends with it', async () => {
    const waiting = JSON.stringify({ id: '/waiting', cmd: 'sleep 100000', cpus: 1_000, mem: 16 });
    expect((await home.run(['marathon', 'app', 'add'], { input: waiting })).code).toBe(0);
    const [deployment] = await home.json<{ id: string; affectedApps: string[] }[]>(
      'marathon',
      'deployment',
      'list',
    );
    expect(deployment?.affectedApps).toEqual(['/waiting']);
    const timedOut = await home.run([
      'marathon',
      'deployment',
      'watch',
      deployment?.id ?? '',
      '--timeout',
      '1',
    ]);
    expect(timedOut.code).toBe(7);
    expect(timedOut.stderr).toMatch(/cpus/);
    await home.must('marathon', 'app', 'remove', '/waiting', '--force');
    await waitFor(
      'no deployment',
      async () => (await home.json<[]>('marathon', 'deployment', 'list')).length === 0,
    );
  });

  it('app show of an app that there is not ends with 3', async () => {
    const { code, stderr } = await home.run(['marathon', 'app', 'show', '/nope']);
    expect(code).toBe(3);
    expect(stderr).toContain('/nope');
  });
});

describe('task', () => {
  it('list, log and ls show tasks, their output and their files', async () => {
    const tasks = await home.json<Task[]>('task', 'list');
    expect(tasks.map(({ state }) => state)).toEqual(tasks.map(() => 'TASK_RUNNING'));
    const id = tasks.find(({ name }) => name === 'web')?.id ?? '';
    expect(await home.must('task', 'log', id)).toContain(`hello from ${id}`);
    expect(await home.must('task', 'ls', id)).toMatch(/stdout/);
    expect(await home.must('task', 'list')).toContain(id);
  });

  it('log --follow prints what is written from now on, until the task ends', async () => {
    const door = join(home.folder, 'door');
    const cmd = `until test -e ${door}; do sleep 0.05; done; echo opened; sleep 100000`;
    const added = await home.run(['marathon', 'app', 'add', '--wait'], {
      input: JSON.stringify({ id: '/follow', cmd, cpus: 0.1, mem: 16 }),
    });
    expect(added.code, added.stderr).toBe(0);
    const followed = home.run(['task', 'log', '--follow', 'follow']);
    await mkdir(door);
    const [task] = await home.json<Task[]>('task', 'list', 'follow');
    await waitFor('it is written', async () =>
      (await home.must('task', 'log', task?.id ?? '')).includes('opened'),
    );
    await home.must('marathon', 'app', 'remove', '/follow');
    expect((await followed).stdout).toContain('opened');
  });
});
