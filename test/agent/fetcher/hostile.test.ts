import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { describe, expect, it } from 'vitest';
import { Fetcher } from '../../../src/agent/fetcher/fetcher.ts';
import type { UserIdentity } from '../../../src/agent/processes/system-user.ts';
import type { CommandInfoURI } from '../../../src/mesos/generated/mesos.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { shellTask } from '../fake-master.ts';
import { startTestCluster, temporaryFolder } from '../test-agent.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };

const prepare = async ({ user, leastFreeBytes }: { user?: UserIdentity; leastFreeBytes?: number } = {}) => {
  const folder = await temporaryFolder();
  const at = (...path: string[]): string => join(folder, ...path);
  for (const name of ['sandbox', 'source', 'outside']) mkdirSync(at(name));
  writeFileSync(at('outside/file'), 'untouched');
  const fetcher = new Fetcher({
    folder: at('fetch'),
    clock: systemClock,
    ...(leastFreeBytes === undefined ? {} : { leastFreeBytes }),
  });
  const fetch = (uris: CommandInfoURI[], volumes: string[] = []): Promise<void> =>
    fetcher.fetch({
      containerId: 'c-1',
      uris,
      sandbox: at('sandbox'),
      volumes,
      user,
      stderr: openSync('/dev/null', 'a'),
      signal: new AbortController().signal,
    });
  /** An archive of one link; what it leads to is not followed. */
  const linkArchive = (name: string, target: string): string => {
    symlinkSync(target, at('source', name));
    execFileSync('zip', ['-qy', `${name}.zip`, name], { cwd: at('source') });
    return at('source', `${name}.zip`);
  };
  const untouched = (): void => {
    expect(readFileSync(at('outside/file'), 'utf8')).toBe('untouched');
    expect(readdirSync(at('outside'))).toEqual(['file']);
  };
  return { at, fetch, linkArchive, untouched };
};

const entry = (fields: ConstructorParameters<typeof Header>[0], body = ''): Buffer => {
  const header = new Header({
    size: body.length,
    mode: 0o644,
    mtime: new Date(0),
    uid: 0,
    gid: 0,
    ...(fields as object),
  });
  header.encode();
  const padded = Buffer.alloc(Math.ceil(body.length / 512) * 512);
  padded.write(body);
  return Buffer.concat([header.block ?? Buffer.alloc(0), padded]);
};
const END = Buffer.alloc(1024);

describe('what is fetched after an archive that brought a link along', () => {
  it('does not go through the link to a folder outside', async () => {
    const { at, fetch, linkArchive, untouched } = await prepare();
    writeFileSync(at('source/plain'), 'evil');
    const way = linkArchive('way', at('outside'));
    const through = { value: at('source/plain'), output_file: 'way/file' };
    await expect(fetch([{ value: way }, through])).rejects.toThrow(
      'way is a link that leads out of the sandbox',
    );
    untouched();
  });

  it('takes the place of a link instead of being written through it', async () => {
    const { at, fetch, linkArchive, untouched } = await prepare();
    writeFileSync(at('source/plain'), 'plain');
    writeFileSync(at('source/data.gz'), gzipSync('unpacked'));
    const [link, data] = [linkArchive('link', at('outside/file')), linkArchive('data', at('outside/file'))];
    await fetch([
      { value: link },
      { value: at('source/plain'), output_file: 'link' },
      { value: data },
      { value: at('source/data.gz') },
    ]);
    untouched();
    expect(readFileSync(at('sandbox/link'), 'utf8')).toBe('plain');
    expect(readFileSync(at('sandbox/data'), 'utf8')).toBe('unpacked');
  });

  it.each(['.zip', '.tar', '.tar.gz'])('is not unpacked through the link: %s', async (suffix) => {
    const { at, fetch, linkArchive, untouched } = await prepare();
    const way = linkArchive('way', at('outside'));
    mkdirSync(at('source/in/way'), { recursive: true });
    writeFileSync(at('source/in/way/file'), 'evil');
    const archive = at(`source/evil${suffix}`);
    if (suffix === '.zip') execFileSync('zip', ['-qr', archive, 'way'], { cwd: at('source/in') });
    else execFileSync('tar', ['-caf', archive, 'way'], { cwd: at('source/in') });
    await expect(fetch([{ value: way }, { value: archive }])).rejects.toThrow(
      'it has way as a folder where there is a link already',
    );
    untouched();
    expect(readdirSync(at('sandbox')).sort()).toEqual([`evil${suffix}`, 'way', 'way.zip']);
  });

  it('goes into a volume, which is a link of the agent', async () => {
    const { at, fetch } = await prepare();
    mkdirSync(at('volume'));
    symlinkSync(at('volume'), at('sandbox/data'));
    writeFileSync(at('source/plain'), 'for the volume');
    await fetch([{ value: at('source/plain'), output_file: 'data/x/plain' }], ['data']);
    expect(readFileSync(at('volume/x/plain'), 'utf8')).toBe('for the volume');
  });
});

describe('an archive', () => {
  it.each(['absolute', 'through a link'])('brings no hard link to a file outside: %s', async (how) => {
    const { at, fetch, untouched } = await prepare();
    const linkpath = how === 'absolute' ? at('outside/file') : 'way/file';
    const way = entry({ path: 'way', type: 'SymbolicLink', linkpath: at('outside') });
    const hard = entry({ path: 'mine', type: 'Link', linkpath });
    writeFileSync(at('source/hard.tar'), Buffer.concat([way, hard, END]));
    await expect(fetch([{ value: at('source/hard.tar') }])).rejects.toThrow('hard.tar cannot be unpacked');
    untouched();
    expect(statSync(at('outside/file')).nlink).toBe(1);
    expect(existsSync(at('sandbox/mine'))).toBe(false);
  });

  it('keeps hard links between its own files, and modes, also of folders that nobody may write to', async () => {
    const { at, fetch } = await prepare();
    mkdirSync(at('source/in/locked'), { recursive: true });
    writeFileSync(at('source/in/locked/one'), 'x', { mode: 0o755 });
    linkSync(at('source/in/locked/one'), at('source/in/two'));
    chmodSync(at('source/in/locked'), 0o555);
    execFileSync('tar', ['-cf', at('source/own.tar'), '-C', at('source'), 'in']);
    execFileSync('zip', ['-qr', at('source/own.zip'), 'locked'], { cwd: at('source/in') });
    await fetch([{ value: at('source/own.tar') }, { value: at('source/own.zip') }]);
    expect(statSync(at('sandbox/in/two')).ino).toBe(statSync(at('sandbox/in/locked/one')).ino);
    expect(statSync(at('sandbox/locked')).mode & 0o777).toBe(0o555);
    expect(statSync(at('sandbox/in/locked/one')).mode & 0o777).toBe(0o755);
    for (const folder of ['source/in/locked', 'sandbox/locked']) chmodSync(at(folder), 0o755);
  });

  it('brings no devices and no pipes', async () => {
    const { at, fetch } = await prepare();
    const kinds = ['CharacterDevice', 'BlockDevice', 'FIFO'] as const;
    const entries = kinds.map((type) => entry({ path: type, type, devmaj: 1, devmin: 3 } as never));
    const file = entry({ path: 'file', type: 'File' }, 'plain');
    writeFileSync(at('source/dev.tar'), Buffer.concat([...entries, file, END]));
    await fetch([{ value: at('source/dev.tar') }]);
    expect(readdirSync(at('sandbox')).sort()).toEqual(['dev.tar', 'file']);
  });

  it('that unpacks to more than the disk has is given up, and nothing of it stays', async () => {
    const { bavail, bsize } = statfsSync((await temporaryFolder()).replace(/[^/]+$/, ''));
    const { at, fetch } = await prepare({ leastFreeBytes: bavail * bsize - 16 * 1024 ** 2 });
    const zeros = Buffer.alloc(64 * 1024 ** 2);
    const parts = Array.from({ length: 24 }, (_none, index) => [
      entry({ path: `zeros-${index}`, type: 'File', size: zeros.length } as never),
      zeros,
    ]).flat();
    writeFileSync(at('source/bomb.tar.gz'), gzipSync(Buffer.concat([...parts, END]), { level: 1 }));
    await expect(fetch([{ value: at('source/bomb.tar.gz') }])).rejects.toThrow(
      /the disk has only \d+ MiB left/,
    );
    expect(readdirSync(at('sandbox')).filter((name) => name !== 'bomb.tar.gz')).toEqual([]);
  }, 60_000);
});

describe.runIf(isRoot)('files of the machine, for a task of another user', () => {
  it('are only those that he may read himself', async () => {
    const { at, fetch } = await prepare({ user: NOBODY });
    for (const folder of ['', 'source']) chmodSync(at(folder), 0o755);
    mkdirSync(at('source/open'));
    mkdirSync(at('source/closed'), { mode: 0o700 });
    for (const name of ['open/file', 'closed/file']) writeFileSync(at('source', name), name);
    writeFileSync(at('source/secret'), 'secret', { mode: 0o600 });
    const refused = /the user 65534 of the task may not read/;
    for (const name of ['secret', 'closed', 'closed/file']) {
      await expect(fetch([{ value: at('source', name) }])).rejects.toThrow(refused);
    }
    symlinkSync(at('source/secret'), at('source/open/link'));
    await expect(fetch([{ value: at('source/open/link') }])).rejects.toThrow(refused);
    await fetch([{ value: at('source/open') }]);
    expect(readFileSync(at('sandbox/open/file'), 'utf8')).toBe('open/file');
    expect(statSync(at('sandbox/open/file')).uid).toBe(NOBODY.uid);
    writeFileSync(at('source/open/secret'), 'secret', { mode: 0o600 });
    await expect(fetch([{ value: at('source/open'), output_file: 'again' }])).rejects.toThrow(refused);
  });
});

describe('a task', () => {
  it('whose archive puts a link in the place of its output fails, and prints nowhere', async () => {
    const { at, linkArchive, untouched } = await prepare();
    const { master } = await startTestCluster();
    const uris = [{ value: linkArchive('stdout', at('outside/file')) }];
    master.launch(shellTask('prints', '', { command: { value: 'echo evil', uris } }));
    const { message } = await master.until('prints', 'TASK_FAILED');
    expect(message).toContain('stdout is no plain file any more');
    untouched();
  });
});
