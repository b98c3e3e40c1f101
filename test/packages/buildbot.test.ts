import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { type BuildbotClient, connectBuildbot } from './support/buildbot-client.ts';
import { createPackageCluster, EVENTUALLY, type PackageCluster } from './support/package-cluster.ts';
import { canRunPython, hasProgram } from './support/runtime.ts';

/** Real Buildbot, from the Python Package Index, given jobs by its own API. */

const isRunnable = (await canRunPython('buildbot', 'buildbot==4.3.0')) && hasProgram('git', '--version');
const LOGIN = 'admin:open-sesame';

let cluster: PackageCluster;
let folder: string;

const buildbot = async (login?: string): Promise<BuildbotClient> =>
  connectBuildbot(await cluster.endpoint('buildbot', 'web'), login);

const git = (...args: string[]): Buffer =>
  execFileSync('git', ['-c', 'user.name=me', '-c', 'user.email=me@example.com', ...args], { cwd: folder });

/** A repository with one commit on its branch main. */
const createRepository = async (): Promise<string> => {
  git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(folder, 'greeting'), 'hello from the repository\n');
  git('add', 'greeting');
  git('commit', '--quiet', '--message', 'Greet');
  return `file://${folder}`;
};

describe.skipIf(!isRunnable)('buildbot', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plenum-buildbot-'));
    cluster = await createPackageCluster(1);
    await cluster.install('buildbot', { buildbot: { password: 'open-sesame' } });
  });

  afterAll(async () => {
    await cluster?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('runs jobs, and scripts that are none yet, when package install --wait returns', async () => {
    const client = await buildbot(LOGIN);
    expect(await client.jobs()).toEqual(['hello', 'run']);
    await client.start('hello');
    expect(await client.untilEnded('hello', 1)).toMatchObject({ results: 0 });
    expect(await client.output('hello', 1)).toContain('It works.');
    await client.start('run', { script: 'echo "$((6 * 7)) is the answer"; exit 3' });
    expect(await client.untilEnded('run', 1)).toMatchObject({ results: 2 });
    expect(await client.output('run', 1)).toContain('42 is the answer');
  });

  it('shows its builds to everyone, and starts none for strangers', async () => {
    const stranger = await buildbot();
    expect(await stranger.builds('hello')).toHaveLength(1);
    await expect(stranger.start('run', { script: 'true' })).rejects.toThrow(/not started/);
    await expect(buildbot('admin:guessed')).rejects.toThrow(/401/);
  });

  it('remembers its builds and runs further ones when master and worker were killed with -9', async () => {
    await cluster.killTask('master-0-server');
    await cluster.killTask('worker-0-server');
    await cluster.untilHealthy('buildbot');
    const client = await buildbot(LOGIN);
    expect(await client.output('run', 1)).toContain('42 is the answer');
    await client.start('hello');
    expect(await client.untilEnded('hello', 2)).toMatchObject({ results: 0 });
  });

  it('gets jobs with a repository when its options are changed, and remembers its builds', async () => {
    const job = { name: 'greet', script: 'cat greeting', repository: await createRepository(), poll: 1 };
    const hello = { name: 'hello', script: 'echo It still works.', schedule: '30 4 * * 1' };
    await cluster.update('buildbot', { buildbot: { jobs: JSON.stringify([hello, job]) } });
    await cluster.untilHealthy('buildbot');
    const client = await buildbot(LOGIN);
    expect(await client.jobs()).toEqual(['greet', 'hello', 'run']);
    await client.start('greet');
    expect(await client.untilEnded('greet', 1)).toMatchObject({ results: 0 });
    expect(await client.output('greet', 1)).toContain('hello from the repository');
    expect(await client.builds('hello')).toHaveLength(2);
    expect(await client.output('hello', 1)).toContain('It works.');
  });

  it('builds what is committed by itself', async () => {
    const client = await buildbot(LOGIN);
    // What is there when it looks for the first time is nothing new.
    await waitFor(
      'a commit is built',
      async () => {
        git('commit', '--quiet', '--allow-empty', '--message', 'Once more');
        return (await client.builds('greet')).length > 1;
      },
      { timeoutMs: EVENTUALLY.timeoutMs, everyMs: 2_000 },
    );
    expect(await client.untilEnded('greet', 2)).toMatchObject({ results: 0 });
  });

  it('leaves nothing when it is uninstalled', () => cluster.uninstallLeavingNothing('buildbot'));
});
