import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';

/** A package from its first file to its installation on a cluster, by the built program. */

let home: PlenumHome;
let universe: string;
const servers: ChildProcess[] = [];

const serve = async (...args: string[]): Promise<{ url: string; child: ChildProcess }> => {
  const child = spawn(
    process.execPath,
    [join(process.cwd(), 'bin', 'plenum'), 'universe', 'serve', universe, '--port', '0', ...args],
    { env: { ...process.env, PLENUM_HOME: home.folder }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  servers.push(child);
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { msg: string; universe?: string };
    url = entry.universe ?? '';
    if (entry.msg === 'ready') break;
  }
  child.stdout.resume();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  return { url, child };
};

const statusOf = async (url: string, authorization?: string): Promise<number> => {
  const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
  return (await request({ url, headers })).status;
};

beforeAll(async () => {
  home = await createPlenumHome();
  universe = join(home.folder, 'my-universe');
  await home.must('universe', 'init', universe);
  await home.must('universe', 'new', 'my-service', '--repository', universe);
});

afterAll(async () => {
  for (const child of servers) child.kill('SIGKILL');
  await home.remove();
});

describe('a universe of one’s own', () => {
  it('is linted, tested and built', async () => {
    expect(await home.json('universe', 'lint', universe)).toMatchObject({ findings: [], passed: true });
    expect(await home.json('universe', 'test', universe)).toMatchObject({ passed: true });
    const target = join(universe, 'target');
    await home.must('universe', 'build', target, '--repository', universe);
    const built = JSON.parse(await readFile(join(target, 'repo-up-to-1.13.json'), 'utf8'));
    expect(built.packages).toMatchObject([{ name: 'my-service', releaseVersion: 0 }]);
  });

  it('lets a script see that something is wrong, and where', async () => {
    const template = join(universe, 'repo/packages/M/my-service/0/marathon.json.mustache');
    const good = await readFile(template, 'utf8');
    await writeFile(template, good.replace('{{service.mem}},', '{{service.mem}}'));
    const { code, stdout } = await home.run(['universe', 'lint', universe]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /my-service\/0\/marathon\.json\.mustache:\d+:1: error: with its defaults it renders to no JSON/,
    );
    expect((await home.run(['universe', 'test', universe])).code).toBe(1);
    await writeFile(template, good);
  });

  it('is served to a cluster, which installs from it what render says', async () => {
    const { url, child } = await serve();
    await home.up('--agents', '1');
    await home.must('package', 'repo', 'add', 'mine', `${url}/repo`, '--index', '0');
    await home.must('package', 'install', 'my-service', '--yes', '--wait', '--set', 'greeting.interval=1');
    const app = await home.json<Record<string, unknown>>('marathon', 'app', 'show', 'my-service');
    const rendered = JSON.parse(
      await home.must(
        'universe',
        'render',
        'my-service',
        '--repository',
        universe,
        '--set',
        'greeting.interval=1',
      ),
    );
    expect(app).toMatchObject({ cmd: rendered.cmd, cpus: rendered.cpus, env: rendered.env });
    await home.must('package', 'uninstall', 'my-service', '--yes', '--wait');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('is read by those alone who are in the file of credentials, but for health checks', async () => {
    const credentials = join(home.folder, 'readers.json');
    await writeFile(credentials, JSON.stringify({ credentials: [{ principal: 'team', secret: 's3cret' }] }));
    await chmod(credentials, 0o600);
    const { url } = await serve('--credentials', credentials);
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(await statusOf(`${url}/repo`)).toBe(401);
    expect(await statusOf(`${url}/repo`, basic('team:wrong'))).toBe(401);
    expect(await statusOf(`${url}/repo`, 'Bearer wrong')).toBe(401);
    expect(await statusOf(`${url}/repo`, basic('team:s3cret'))).toBe(200);
    expect(await statusOf(`${url}/repo`, 'Bearer s3cret')).toBe(200);
    expect(await statusOf(`${url}/repo-empty-v3.json`)).toBe(200);
  });

  it('is not served where there is none', async () => {
    const { code, stderr } = await home.run(['universe', 'serve', home.folder, '--port', '0']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is no repository') });
  });
});
