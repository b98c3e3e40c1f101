import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { type ClusterAddresses, createPlenumHome, type PlenumHome } from '../support/plenum.ts';

/** A package over its life on a cluster: installed, changed, taken back, kept and freed. */

let home: PlenumHome;
let cluster: ClusterAddresses;

beforeAll(async () => {
  home = await createPlenumHome();
  cluster = await home.up('--agents', '1');
});

afterAll(() => home.remove());

const runPackage = (...args: string[]) => home.run(['package', ...args]);

/** What must succeed; gives both outputs. */
const must = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await runPackage(...args);
  expect(code, `plenum package ${args.join(' ')}: ${stderr}`).toBe(0);
  return stdout + stderr;
};

interface Slave {
  reserved_resources_full: Record<string, { disk?: { persistence?: { id: string } } }[]>;
}

/** Ids of the persistent volumes on all agents. */
const volumes = async (): Promise<string[]> => {
  const { body } = await request({ url: `${cluster.master}/slaves` });
  const { slaves } = JSON.parse(body.toString()) as { slaves: Slave[] };
  const resources = slaves.flatMap(({ reserved_resources_full: byRole }) => Object.values(byRole).flat());
  return resources.flatMap(({ disk }) => disk?.persistence?.id ?? []);
};

const greeting = async (): Promise<unknown> => {
  const app = await home.json<{ env: Record<string, unknown> }>('marathon', 'app', 'show', '/hello-world');
  return app.env.GREETING;
};

describe('a package on a cluster', { timeout: 120_000 }, () => {
  it('is installed as it was locked, and tells its phases', async () => {
    const lock = join(home.folder, 'lock.yaml');
    await must('lock', 'hello-world', '--file', lock);
    const told = await must('install', 'hello-world', '--yes', '--wait', '--locked', '--lock-file', lock);
    for (const phase of ['validated', 'rendered', 'deployed', 'tasks running', 'healthy', 'ready']) {
      expect(told).toContain(`\n${phase}: `);
    }
    expect(await volumes()).toHaveLength(1);
  });

  it('is changed after the change was shown, and taken back', async () => {
    const change = ['hello-world', '--set', 'hello.greeting=hi'];
    const shown = await must('update', ...change, '--dry-run');
    for (const line of ['- hello.greeting: "hello"', '+ /env/GREETING: "hi"', 'restart /hello-world']) {
      expect(shown).toContain(line);
    }
    expect(await greeting()).toBe('hello');
    await must('update', ...change, '--yes', '--wait');
    expect(await greeting()).toBe('hi');
    await must('rollback', 'hello-world', '--yes', '--wait');
    expect(await greeting()).toBe('hello');
    const { entries } = await home.json<{ entries: { action: string }[] }>(
      'package',
      'history',
      'hello-world',
    );
    expect(entries.map(({ action }) => action)).toEqual(['INSTALLED', 'UPDATED', 'ROLLED_BACK']);
  });

  it('goes on being changed when whoever waits for it does no longer', async () => {
    const args = ['package', 'update', 'hello-world', '--set', 'hello.greeting=ho', '--yes', '--wait'];
    const child = spawn(process.execPath, [join(process.cwd(), 'bin', 'plenum'), ...args], {
      env: { ...process.env, PLENUM_HOME: home.folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
      if (text.includes('deployed: ')) child.kill('SIGINT');
    });
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: expect.stringContaining('The change goes on: plenum'),
    });
    expect(await greeting()).toBe('ho');
  });

  it('leaves its volumes when it is told to, finds them again, and frees them in the end', async () => {
    const before = await volumes();
    await must('uninstall', 'hello-world', '--keep-data', '--yes', '--wait');
    expect(await volumes()).toEqual(before);
    await must('install', 'hello-world', '--yes', '--wait');
    expect(await volumes()).toEqual(before);
    await must('uninstall', 'hello-world', '--yes', '--wait');
    expect(await volumes()).toEqual([]);
  });
});
