import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';

/** Each part of a cluster as a process of its own, started by hand, joined by nothing but URLs. */

let home: PlenumHome;
const parts = new Map<string, { child: ChildProcess; url: string }>();

const urlOf = (name: string): string => parts.get(name)?.url ?? '';

/** Starts `plenum NAME …` and waits for the line that says that it is ready. */
const start = async (name: string, ...args: string[]): Promise<void> => {
  const child = spawn(
    process.execPath,
    [
      join(process.cwd(), 'bin', 'plenum'),
      name,
      '--port',
      '0',
      '--work-dir',
      join(home.folder, name),
      ...args,
    ],
    { env: { ...process.env, PLENUM_HOME: home.folder }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as Record<string, unknown> & { pid: number; msg: string };
    if (entry.msg !== 'ready') continue;
    // The part is this very process, as if it had been replaced: signals reach it.
    expect(entry.pid).toBe(child.pid);
    parts.set(name, { child, url: String(entry[name]) });
    break;
  }
  child.stdout.resume();
  expect(parts.has(name), `${name} is ready`).toBe(true);
};

beforeAll(async () => {
  home = await createPlenumHome();
  await start('master');
  await start('agent', '--master', urlOf('master'));
  await start('marathon', '--master', urlOf('master'));
  await start('packages', '--master', urlOf('master'), '--marathon', urlOf('marathon'));
});

afterAll(async () => {
  for (const { child } of parts.values()) child.kill('SIGKILL');
  await home.remove();
});

describe('parts that run alone', () => {
  it('are a cluster once they are set up as one', async () => {
    const addresses = ['--marathon-url', urlOf('marathon'), '--packages-url', urlOf('packages')];
    await home.must('cluster', 'setup', urlOf('master'), '--name', 'parts', ...addresses);
    const nodes = await home.json<{ type: string }[]>('node', 'list');
    expect(nodes.map(({ type }) => type)).toEqual(['agent', 'master (leader)']);
    const definition = JSON.stringify({ id: '/web', cmd: 'exec sleep 1000', cpus: 0.1, mem: 16 });
    const added = await home.run(['marathon', 'app', 'add', '--wait'], { input: definition });
    expect(added.code, added.stderr).toBe(0);
    const tasks = await home.json<{ name: string; state: string }[]>('task', 'list');
    expect(tasks).toEqual([expect.objectContaining({ name: 'web', state: 'TASK_RUNNING' })]);
    const { packages } = await home.json<{ packages: { name: string }[] }>('package', 'search');
    expect(packages.map(({ name }) => name)).toContain('hello-world');
    await home.must('marathon', 'app', 'remove', '/web', '--wait');
  });

  it.each(['packages', 'marathon', 'agent', 'master'])('%s ends with 0 on SIGTERM', async (name) => {
    const child = parts.get(name)?.child;
    if (!child) throw new Error(`${name} was not started`);
    child.kill('SIGTERM');
    const [code, signal] = await once(child, 'exit');
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    parts.delete(name);
  });

  it('refuse what they cannot be started with', async () => {
    const without = await home.run(['agent']);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('--master');
  });
});
