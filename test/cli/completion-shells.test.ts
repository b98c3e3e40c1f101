import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveKnownCluster } from '../../src/cli/clusters/known-clusters.ts';
import { readCachedNames, writeCachedNames } from '../../src/cli/completion/name-cache.ts';
import { type RecordingServer, startRecordingServer } from '../clients/recording-server.ts';

/** The program as it was built, called by the shells that this machine has. */

const APPS = 'GET /service/marathon/v2/apps';

let home: string;
let server: RecordingServer;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plenum-completion-'));
  await symlink(join(process.cwd(), 'bin', 'plenum'), join(home, 'plenum'));
  const apps = [{ id: '/web/one' }, { id: '/web/two' }, { id: '/db' }];
  server = await startRecordingServer({ [APPS]: { body: { apps } } });
  saveKnownCluster(home, { name: 'one', url: server.url });
});

afterEach(async () => {
  await server.close();
  await rm(home, { recursive: true });
});

const run = (program: string, ...args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      PLENUM_HOME: home,
      HOME: home,
      PATH: `${home}${delimiter}${process.env.PATH}`,
    };
    const child = spawn(program, args, { env, cwd: home, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece) => {
      text += piece;
    });
    child.once('error', reject).once('close', () => resolve(text));
  });
const completed = async (...words: string[]) =>
  (await run('plenum', '__complete', ...words)).split('\n').filter((line) => line !== '');
const names = async (...words: string[]) => (await completed(...words)).map((line) => line.split('\t')[0]);

describe('plenum __complete', () => {
  it('asks the cluster, and what it was told a moment ago not again', async () => {
    expect(await names('marathon', 'app', 'show', '/we')).toEqual(['/web/one', '/web/two']);
    expect(await names('marathon', 'app', 'show', '/d')).toEqual(['/db']);
    expect(server.requests).toHaveLength(1);
  });

  it('falls back to what it was told before when the cluster does not answer', async () => {
    const candidates = [{ value: '/old', summary: '' }];
    writeCachedNames(home, server.url, { kind: 'app', names: { atMs: 1, candidates } });
    server.answers[APPS] = { status: 500 };
    expect(await names('marathon', 'app', 'show', '')).toEqual(['/old']);
  });

  it('takes a cache that is damaged for none', async () => {
    writeCachedNames(home, server.url, {
      kind: 'app',
      names: { atMs: Date.now(), candidates: [null] as never },
    });
    expect(readCachedNames(home, server.url, 'app')).toBeUndefined();
    expect(await names('marathon', 'app', 'show', '/d')).toEqual(['/db']);
  });

  it('is silent where nothing can be known', async () => {
    expect(await completed('marathon', 'app', 'show', '', '--cluster', 'none')).toEqual([]);
    expect(await completed('no', 'such', 'thing')).toEqual([]);
    expect(await completed()).toContainEqual(expect.stringContaining('marathon\tRun apps'));
  });

  it('never lets a name steer the terminal', async () => {
    server.answers[APPS] = { body: { apps: [{ id: '/\u001b[2Jx\ny' }] } };
    expect(await names('marathon', 'app', 'show', '/')).toEqual(['/ [2Jx y']);
  });
});

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe('the script of', () => {
  it.skipIf(!has('bash'))('bash completes words, names and values behind =', async () => {
    const inBash = async (...words: string[]) => {
      const script = `source <(plenum completion bash); COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1};
        _plenum; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return (await run('bash', '--norc', '-c', script)).trim().split('\n');
    };
    expect(await inBash('plenum', 'marathon', 'app', 'show', '/we')).toEqual(['/web/one', '/web/two']);
    expect(await inBash('plenum', 'mar')).toEqual(['marathon']);
    expect(await inBash('plenum', 'task', 'list', '--cluster', '=', 'o')).toEqual(['one']);
    expect(await inBash('plenum', 'marathon', 'app', 'add', 'plen')).toEqual(['plenum']);
  });

  it.skipIf(!has('zsh'))('zsh completes words with what they are', async () => {
    const script = `compdef() { }; source <(plenum completion zsh)
      compadd() { print -l -- $shown }; _files() { print files }
      words=(plenum task l); CURRENT=3; _plenum
      words=(plenum marathon app add ''); CURRENT=5; _plenum`;
    const lines = (await run('zsh', '-f', '-c', script)).trim().split('\n');
    expect(lines).toContain("ls  -- List the files of tasks' sandboxes");
    expect(lines.at(-1)).toBe('files');
  });

  it.skipIf(!has('fish'))('fish completes words and names', async () => {
    const inFish = async (line: string) => {
      const script = `plenum completion fish | source; complete -C '${line}'`;
      return (await run('fish', '--no-config', '-c', script)).trim().split('\n');
    };
    expect((await inFish('plenum marathon app show /we')).map((line) => line.split('\t')[0])).toEqual([
      '/web/one',
      '/web/two',
    ]);
    expect(await inFish('plenum mara')).toEqual([expect.stringContaining('marathon\tRun apps')]);
  });
});
