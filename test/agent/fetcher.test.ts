import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create, Header } from 'tar';
import { describe, expect, it } from 'vitest';
import { Fetcher } from '../../src/agent/fetcher/fetcher.ts';
import type { CommandInfoURI } from '../../src/mesos/generated/mesos.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { shellTask } from './fake-master.ts';
import { onTestEnd, startTestCluster, temporaryFolder } from './test-agent.ts';

interface Place {
  sandbox: string;
  source: string;
  fetch: (...uris: CommandInfoURI[]) => Promise<void>;
  at: (name: string) => string;
}

const prepare = async (options: { cacheBytes?: number } = {}): Promise<Place> => {
  const folder = await temporaryFolder();
  const fetcher = new Fetcher({ folder: join(folder, 'fetch'), clock: systemClock, ...options });
  const sandbox = join(folder, 'sandbox');
  const source = join(folder, 'source');
  mkdirSync(sandbox);
  mkdirSync(source);
  const fetch = async (...uris: CommandInfoURI[]): Promise<void> => {
    const stderr = openSync(join(sandbox, 'stderr'), 'a');
    const signal = new AbortController().signal;
    try {
      await fetcher.fetch({ containerId: 'c-1', uris, sandbox, user: undefined, stderr, signal });
    } finally {
      closeSync(stderr);
    }
  };
  return { sandbox, source, fetch, at: (name) => join(sandbox, name) };
};

/** A web server of these files, which counts the requests. */
const serve = async (files: Record<string, string | Buffer>) => {
  const served = { requests: [] as string[], url: '' };
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (request.method === 'HEAD')
      return response.writeHead(200, { 'Content-Length': files[path]?.length ?? 0 }).end();
    served.requests.push(path);
    if (path === '/moved') return response.writeHead(302, { Location: '/file.txt' }).end();
    if (path === '/cut')
      return response.writeHead(200, { 'Content-Length': '100' }).write('short', () => response.destroy());
    const file = files[path];
    if (file === undefined) return response.writeHead(404).end('no');
    response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestEnd(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return served;
};

/** An archive with one entry of any name. */
const evilTar = (path: string): Buffer => {
  const body = Buffer.alloc(512);
  body.write('evil');
  const header = new Header({ path, type: 'File', size: 4, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 });
  header.encode();
  return Buffer.concat([header.block ?? Buffer.alloc(0), body, Buffer.alloc(1024)]);
};

describe('the fetcher', () => {
  it('copies local files and folders, and makes programs executable', async () => {
    const { source, fetch, at } = await prepare();
    writeFileSync(join(source, 'tool'), '#!/bin/sh\n');
    mkdirSync(join(source, 'folder'));
    writeFileSync(join(source, 'folder/inner'), 'x');
    await fetch(
      { value: join(source, 'tool'), executable: true },
      { value: `file://${source}/tool`, output_file: 'bin/other', extract: false },
      { value: join(source, 'folder') },
    );
    expect(statSync(at('tool')).mode & 0o111).toBe(0o111);
    expect(readFileSync(at('bin/other'), 'utf8')).toBe('#!/bin/sh\n');
    expect(readFileSync(at('folder/inner'), 'utf8')).toBe('x');
    expect(readFileSync(at('stderr'), 'utf8')).toContain('Fetched ');
  });

  it('downloads over HTTP, follows redirects and keeps the query in the name', async () => {
    const web = await serve({ '/file.txt': 'text', '/a/b.txt?v=1': 'query' });
    const { fetch, at } = await prepare();
    await fetch({ value: `${web.url}/moved` }, { value: `${web.url}/a/b.txt?v=1` });
    expect(readFileSync(at('moved'), 'utf8')).toBe('text');
    expect(readFileSync(at('b.txt?v=1'), 'utf8')).toBe('query');
  });

  it.each([
    ['/none', 'the server answered 404'],
    ['/cut', 'aborted'],
  ])('fails with the reason when the download of %s fails, and leaves nothing', async (path, reason) => {
    const web = await serve({});
    const { fetch, at } = await prepare();
    await expect(fetch({ value: `${web.url}${path}` })).rejects.toThrow(reason);
    expect(existsSync(at(path.slice(1)))).toBe(false);
  });

  it('names neither user nor password of a URL', async () => {
    const { fetch, at } = await prepare();
    const wrong = fetch({ value: 'http://user:secret@127.0.0.1:1/x' });
    await expect(wrong).rejects.toThrow('http://127.0.0.1:1/x');
    expect(readFileSync(at('stderr'), 'utf8')).not.toContain('secret');
  });

  it('checks the checksum of a fragment', async () => {
    const { source, fetch, at } = await prepare();
    writeFileSync(join(source, 'file'), 'content');
    const digest = createHash('sha256').update('content').digest('hex');
    await fetch({ value: `${source}/file#sha256=${digest}` });
    expect(existsSync(at('file'))).toBe(true);
    const wrong = fetch({ value: `${source}/file#sha256=${'0'.repeat(64)}`, output_file: 'wrong' });
    await expect(wrong).rejects.toThrow(`its sha256 is ${digest}, expected 000`);
    expect(existsSync(at('wrong'))).toBe(false);
  });

  it.each(['.tar', '.tar.gz', '.tgz', '.tar.bz2', '.tar.xz', '.zip'])('unpacks %s', async (suffix) => {
    const { source, fetch, at } = await prepare();
    mkdirSync(join(source, 'in'));
    writeFileSync(join(source, 'in/file'), 'packed');
    const archive = join(source, `archive${suffix}`);
    if (suffix === '.zip') execFileSync('zip', ['-qr', archive, 'in'], { cwd: source });
    else execFileSync('tar', ['-caf', archive, 'in'], { cwd: source });
    await fetch({ value: archive });
    expect(readFileSync(at('in/file'), 'utf8')).toBe('packed');
    expect(existsSync(at(`archive${suffix}`))).toBe(true);
    await fetch({ value: archive, extract: false, output_file: `kept${suffix}` });
    expect(existsSync(at(`kept${suffix}`))).toBe(true);
  });

  it('unpacks a plain .gz beside it', async () => {
    const { source, fetch, at } = await prepare();
    writeFileSync(join(source, 'data.txt.gz'), gzipSync('plain'));
    await fetch({ value: join(source, 'data.txt.gz') });
    expect(readFileSync(at('data.txt'), 'utf8')).toBe('plain');
  });

  it.each(['../outside', '../../outside', 'a/../../outside'])('refuses an archive with %s', async (path) => {
    const { source, sandbox, fetch } = await prepare();
    writeFileSync(join(source, 'evil.tar'), evilTar(path));
    await expect(fetch({ value: join(source, 'evil.tar') })).rejects.toThrow('evil.tar cannot be unpacked');
    expect(existsSync(join(sandbox, '..', 'outside'))).toBe(false);
    expect(existsSync(join(sandbox, '..', '..', 'outside'))).toBe(false);
  });

  it('writes nothing through a link that an archive brings along', async () => {
    const { source, sandbox, fetch } = await prepare();
    const folder = join(source, 'linked');
    mkdirSync(folder);
    execFileSync('ln', ['-s', source, join(folder, 'way')]);
    await create({ cwd: source, file: join(source, 'one.tar') }, ['linked']);
    const through = evilTar('linked/way/escaped');
    const links = readFileSync(join(source, 'one.tar')).subarray(0, -1024);
    writeFileSync(join(source, 'two.tar'), Buffer.concat([links, through]));
    await fetch({ value: join(source, 'two.tar') }).catch(() => undefined);
    expect(existsSync(join(source, 'escaped'))).toBe(false);
    expect(readdirSync(sandbox)).toContain('two.tar');
  });

  it.each(['broken.tar.gz', 'broken.tar', 'broken.zip', 'broken.tar.xz', 'broken.gz'])(
    'fails on %s',
    async (name) => {
      const { source, fetch } = await prepare();
      writeFileSync(join(source, name), 'this is no archive at all');
      await expect(fetch({ value: join(source, name) })).rejects.toThrow('cannot be unpacked');
    },
  );

  it.each([
    ['relative/path', 'neither a URI nor an absolute path'],
    ['hdfs://name/path', 'hadoop is not on the PATH'],
    ['maven:only-two:parts', 'not a Maven coordinate'],
    ['maven:a:b:1</version>', 'not a Maven coordinate'],
    ['npm:--global', 'npm'],
    ['http://', 'not a valid URL'],
  ])('refuses %s', async (value, reason) => {
    const { fetch } = await prepare();
    await expect(fetch({ value })).rejects.toThrow(reason);
  });

  it.each(['../up', '/etc/passwd', '..', 'a/../../b'])('refuses the output file %s', async (output_file) => {
    const { source, fetch } = await prepare();
    writeFileSync(join(source, 'file'), 'x');
    await expect(fetch({ value: join(source, 'file'), output_file })).rejects.toThrow(
      'not a path inside the sandbox',
    );
  });
});

describe('the cache', () => {
  it('shares one download among all who ask at the same time, and later', async () => {
    const web = await serve({ '/file.txt': 'text' });
    const { fetch, at } = await prepare();
    const uri = (output_file: string) => ({ value: `${web.url}/file.txt`, cache: true, output_file });
    await Promise.all([fetch(uri('a')), fetch(uri('b')), fetch(uri('c'))]);
    await fetch(uri('d'));
    expect(web.requests).toEqual(['/file.txt']);
    for (const name of ['a', 'b', 'c', 'd']) expect(readFileSync(at(name), 'utf8')).toBe('text');
  });

  it('lets go of what was not used for longest when it is full', async () => {
    const web = await serve({ '/one': 'x'.repeat(60), '/two': 'y'.repeat(60) });
    const { fetch } = await prepare({ cacheBytes: 100 });
    for (const name of ['one', 'two', 'two', 'one'])
      await fetch({ value: `${web.url}/${name}`, cache: true });
    expect(web.requests).toEqual(['/one', '/two', '/one']);
  });

  it('keeps nothing of a download that failed', async () => {
    const files: Record<string, string> = {};
    const web = await serve(files);
    const { fetch, at } = await prepare();
    const uri = { value: `${web.url}/late`, cache: true };
    await expect(fetch(uri)).rejects.toThrow('404');
    files['/late'] = 'there';
    await fetch(uri);
    expect(readFileSync(at('late'), 'utf8')).toBe('there');
  });
});

describe('maven: and npm:', () => {
  /** Programs of these names that write down how they were called; they stand in for a registry. */
  const standIns = async (scripts: Record<string, string>): Promise<string> => {
    const folder = await temporaryFolder();
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(folder, name), `#!/bin/sh\necho "$@" >> ${folder}/calls\n${script}`);
      chmodSync(join(folder, name), 0o755);
    }
    const path = process.env.PATH;
    process.env.PATH = `${folder}:${path}`;
    onTestEnd(async () => {
      process.env.PATH = path;
    });
    return folder;
  };

  const MAVEN = `
for argument in "$@"; do
  case "$argument" in
    --offline) [ -e "$0.online" ] || exit 1;;
    -Dmdep.outputFile=*) list=\${argument#*=};;
  esac
done
touch "$0.online"
printf 'jar' > "$0-a-1.jar"; mkdir -p "$0.other"; printf 'other' > "$0.other/mvn-a-1.jar"
printf '%s' "$0-a-1.jar:$0.other/mvn-a-1.jar" > "$list"
`;

  it('asks mvn once for coordinates that several tasks want, without network first', async () => {
    const folder = await standIns({ mvn: MAVEN });
    const { fetch, at } = await prepare();
    const uri = (output_file: string) => ({ value: 'maven:g:a:1?transitive', output_file });
    await Promise.all([fetch(uri('one')), fetch(uri('two'))]);
    expect(readdirSync(at('one')).sort()).toEqual(['2-mvn-a-1.jar', 'mvn-a-1.jar']);
    expect(readdirSync(at('two'))).toHaveLength(2);
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
    expect(calls.map((call) => call.startsWith('--offline'))).toEqual([true, false]);
  });

  it('asks mvn once for all agents of a user, unless the version may be another file tomorrow', async () => {
    const folder = await standIns({ mvn: MAVEN });
    const calls = (): number => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n').length;
    const version = `1.${process.pid}.${Date.now()}`;
    const [one, other] = [await prepare(), await prepare()];
    await one.fetch({ value: `maven:g:a:${version}?transitive` });
    expect(calls()).toBe(2);
    await other.fetch({ value: `maven:g:a:${version}?transitive` });
    expect(readdirSync(other.at('a'))).toHaveLength(2);
    expect(calls()).toBe(2);
    await one.fetch({ value: `maven:g:a:${version}-SNAPSHOT?transitive` });
    await other.fetch({ value: `maven:g:a:${version}-SNAPSHOT?transitive`, output_file: 'b' });
    expect(calls()).toBe(4);
  });

  it('puts one artifact under its own name', async () => {
    await standIns({ mvn: MAVEN });
    const { fetch, at } = await prepare();
    await fetch({ value: 'maven:g:a:1?classifier=tests' });
    expect(readFileSync(at('a-1-tests.jar'), 'utf8')).toBe('jar');
  });

  it('says what mvn said when it fails, and asks again the next time', async () => {
    const folder = await standIns({ mvn: 'echo "[ERROR] no such artifact"; exit 1\n' });
    const { fetch } = await prepare();
    await expect(fetch({ value: 'maven:g:a:1' })).rejects.toThrow('[ERROR] no such artifact');
    await expect(fetch({ value: 'maven:g:a:1' })).rejects.toThrow('[ERROR] no such artifact');
    expect(readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')).toHaveLength(4);
  });

  it('come from a mirror that has them ready, without any client of a registry', async () => {
    const { fetch, at, source } = await prepare();
    writeFileSync(join(source, 'a-1.jar'), 'jar');
    await create({ file: join(source, 'files.tgz'), cwd: source, gzip: true }, ['a-1.jar']);
    const { url } = await serve({ '/files.tgz': readFileSync(join(source, 'files.tgz')), '/a-1.jar': 'jar' });
    const from = (path: string): string => `from=${encodeURIComponent(url + path)}`;
    const path = process.env.PATH;
    process.env.PATH = '/usr/bin:/bin';
    onTestEnd(async () => {
      process.env.PATH = path;
    });
    await fetch(
      { value: `maven:g:a:1?transitive&${from('/files.tgz')}` },
      { value: `maven:g:a:1?transitive&${from('/files.tgz')}`, output_file: 'lib' },
      { value: `maven:g:a:1?${from('/a-1.jar')}` },
      { value: `npm:@scope/name@^1?${from('/files.tgz')}` },
    );
    for (const file of ['a/a-1.jar', 'lib/a-1.jar', 'a-1.jar', 'name/a-1.jar']) {
      expect(readFileSync(at(file), 'utf8'), file).toBe('jar');
    }
    expect(readdirSync(at('.')).sort()).toEqual(['a', 'a-1.jar', 'lib', 'name', 'stderr']);
    await expect(fetch({ value: 'maven:g:a:1?from=file:///etc/passwd' })).rejects.toThrow(
      'no URL of a mirror',
    );
    await expect(fetch({ value: `maven:g:a:1?${from('/none.jar')}` })).rejects.toThrow();
  });

  it('installs npm packages into a folder of the sandbox', async () => {
    const folder = await standIns({ npm: 'exit 0\n' });
    const { fetch, at } = await prepare();
    await fetch({ value: 'npm:@scope/name@^1.2.0' });
    expect(statSync(at('name')).isDirectory()).toBe(true);
    expect(readFileSync(join(folder, 'calls'), 'utf8')).toContain(
      `--prefix ${at('name')} -- @scope/name@^1.2.0`,
    );
  });
});

describe('a task whose files cannot be fetched', () => {
  it('has failed, with the reason', async () => {
    const { master } = await startTestCluster();
    const command = { value: 'true', uris: [{ value: '/no/such/file' }] };
    master.launch(shellTask('task', '', { command }));
    const status = await master.until('task', 'TASK_FAILED');
    expect(status.reason).toBe('REASON_CONTAINER_LAUNCH_FAILED');
    expect(status.message).toMatch(
      /^Failed to launch container: Failed to fetch all URIs for container '[0-9a-f-]{36}': \/no\/such\/file: ENOENT/,
    );
  });

  it('can be killed while they are fetched', async () => {
    const { master } = await startTestCluster();
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestEnd(
      () =>
        new Promise((resolve) => {
          server.close(resolve);
          server.closeAllConnections();
        }),
    );
    const { port } = server.address() as AddressInfo;
    const command = { value: 'true', uris: [{ value: `http://127.0.0.1:${port}/never` }] };
    master.launch(shellTask('task', '', { command }));
    await new Promise<void>((resolve) => server.once('request', () => resolve()));
    master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: 'task' } } });
    expect(await master.until('task', 'TASK_KILLED')).toMatchObject({
      reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
    });
  });
});
