import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';

/** A Mesos master and a Marathon without anything in front of them: agents are asked at their own addresses. */

let server: PlenumHome;
let home: PlenumHome;

beforeAll(async () => {
  server = await createPlenumHome();
  home = await createPlenumHome();
  const { master, marathon } = await server.up('--agents', '1');
  await home.must('cluster', 'setup', master, '--mesos-url', master, '--marathon-url', marathon);
  const app = join(home.folder, 'talker.json');
  const cmd = 'echo hello; echo inside > note; exec sleep 1000';
  await writeFile(app, JSON.stringify({ id: '/talker', cmd, cpus: 0.1, mem: 32 }));
  await home.must('marathon', 'app', 'add', app, '--wait');
});

afterAll(() => Promise.all([home.remove(), server.remove()]));

describe('on a Mesos master that stands alone', () => {
  it('tasks show their logs and files', async () => {
    expect(await home.must('task', 'log', 'talker')).toContain('hello');
    expect(await home.must('task', 'ls', 'talker')).toContain('note');
    await home.must('task', 'download', 'talker', 'note', '--target-dir', home.folder);
    expect(await readFile(join(home.folder, 'note'), 'utf8')).toBe('inside\n');
    expect(await home.must('task', 'exec', 'talker', 'cat', 'note')).toBe('inside\n');
  });

  it('agents tell what their tasks use', async () => {
    const { tasks, rows } = await home.json<{ tasks: object; rows: { memory?: number }[] }>(
      'top',
      '--interval',
      '100ms',
    );
    expect(tasks).toMatchObject({ running: 1 });
    expect(rows[0]?.memory).toBeGreaterThan(0);
    expect(await home.must('top', '--once', '--interval', '100ms')).toContain('talker.instance-');
  });

  it.each([
    ['task metrics details talker', 'which does not have this'],
    ['node log --leader', 'which does not have this'],
    ['package list', 'nobody said where its package service is'],
    ['job list', 'nobody said where its job service is'],
  ])('%s says what is not there', async (args, reason) => {
    const { code, stderr } = await home.run(args.split(' '));
    expect(code).toBe(3);
    expect(stderr).toContain('is a Mesos master that stands alone');
    expect(stderr).toContain(reason);
  });

  it('apps need to know where Marathon is', async () => {
    const url = (await home.must('config', 'show', 'marathon.url')).trim();
    await home.must('config', 'unset', 'marathon.url');
    const { code, stderr } = await home.run(['marathon', 'app', 'list']);
    expect(code).toBe(3);
    expect(stderr).toContain('nobody said where its Marathon is');
    expect(stderr).toContain('plenum config set marathon.url URL');
    await home.must('config', 'set', 'marathon.url', url);
    expect(await home.must('marathon', 'app', 'list')).toContain('/talker');
  });
});
