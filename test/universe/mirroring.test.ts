import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fetchFile } from '../../src/cli/universe/mirror/fetch-file.ts';
import { request } from '../../src/http/client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { mirroredAddresses, rewriteTemplate } from '../../src/universe/mirroring/rewrite-addresses.ts';
import { startUniverseServer, type UniverseServer } from '../../src/universe-server/server.ts';
import { type PlenumResult, runPlenum } from '../cli/run-plenum.ts';
import { buildImage } from '../support/registry/build-image.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry/test-registry.ts';
import { revisionFiles, temporaryFolder, writeFiles } from './repository-files.ts';

const TYPE = 'application/vnd.dcos.universe.repo+json;charset=utf-8;version=v5';
const MINE = 'repo/packages/M/mine/0';

let home: string;
/** `stalls` as a content is never sent whole. */
let web: { url: string; requests: string[]; files: Record<string, string> };
let registry: TestRegistry;
let folder: string;

const startWeb = async (): Promise<typeof web> => {
  const state = { url: '', requests: [] as string[], files: {} as Record<string, string> };
  const server = createServer(({ url = '' }, response) => {
    state.requests.push(url);
    const content = state.files[url];
    if (content === undefined) response.writeHead(404).end();
    else if (content === 'stalls') response.writeHead(200).write('x');
    else response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

beforeEach(async () => {
  home = await temporaryFolder();
  folder = await temporaryFolder();
  web = await startWeb();
  registry = await startTestRegistry();
  onTestFinished(() => registry.close());
  registry.push('team/app:1', buildImage({ layers: [[{ path: 'a.txt', content: 'hello' }]] }));
  web.files['/a.zip'] = 'archive';
  web.files['/icon.png'] = 'picture';
  web.files['/cli'] = '#!/bin/sh';
  web.files['/literal.txt'] = 'literal';
  const binary = {
    kind: 'executable',
    url: `${web.url}/cli`,
    contentHash: [{ algo: 'sha256', value: sha256('#!/bin/sh') }],
  };
  await writeFiles(folder, {
    ...revisionFiles('mine', 0, { minDcosReleaseVersion: '1.9' }),
    ...revisionFiles('other', 0),
    [`${MINE}/resource.json`]: {
      assets: {
        uris: { zip: `${web.url}/a.zip`, jars: 'maven:g:a:1?transitive', pad: 'npm:left-pad@1.3.0' },
        container: { docker: { app: `${registry.host}/team/app:1` } },
      },
      images: { 'icon-small': `${web.url}/icon.png` },
      cli: { binaries: { linux: { 'x86-64': binary } } },
    },
    [`${MINE}/marathon.json.mustache`]: `{"id": "{{service.name}}", "uris": ["{{resource.assets.uris.zip}}", "${web.url}/literal.txt"],
 "env": {"JARS": "{{resource.assets.uris.jars}}"}, "container": {"docker": {"image": "{{resource.assets.container.docker.app}}"}}}`,
  });
  const bin = join(home, 'bin');
  await mkdir(bin);
  await writeFile(
    join(bin, 'mvn'),
    `#!/bin/sh
for a in "$@"; do case "$a" in -DoutputDirectory=*) out="\${a#*=}";; esac; done
echo jar > "$out/a-1.jar"
`,
  );
  await writeFile(
    join(bin, 'npm'),
    `#!/bin/sh
while [ "$1" != --prefix ]; do shift; done
mkdir -p "$2/node_modules/left-pad"
echo "$4" > "$2/node_modules/left-pad/asked"
`,
  );
  await chmod(join(bin, 'mvn'), 0o755);
  await chmod(join(bin, 'npm'), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
});

afterEach(() => void vi.unstubAllEnvs());

const mirror = (target: string, ...args: string[]): Promise<PlenumResult> =>
  runPlenum(['universe', 'mirror', target, ...args, '--from', folder, '--json'], {
    env: { PLENUM_HOME: home, DOCKER_CONFIG: home },
  });

const serve = async (repository: string): Promise<UniverseServer> => {
  const server = await startUniverseServer({
    repository,
    cacheDir: join(home, 'cache'),
    clock: systemClock,
    log: silentLog,
    intervalMs: 3_600_000,
  });
  onTestFinished(() => server.close());
  return server;
};

interface Served {
  resource: {
    assets: { uris: Record<string, string>; container: { docker: { app: string } } };
    images: { 'icon-small': string };
    cli: { binaries: { linux: { 'x86-64': { url: string } } } };
  };
  marathon: { v2AppMustacheTemplate: string };
}

const packageAt = async (server: UniverseServer): Promise<Served> => {
  const { body } = await request({ url: `${server.url}/repo`, headers: { Accept: TYPE } });
  return JSON.parse(body.toString()).packages[0];
};

const textAt = async (url: string): Promise<string> => (await request({ url })).body.toString();

describe('a mirror', () => {
  it('has everything that a package needs, and is served with every address led to it', async () => {
    const target = join(home, 'mirror');
    const { code, stdout, stderr } = await mirror(target, 'mine');
    expect({ code, missing: JSON.parse(stdout).missing }, stderr).toEqual({ code: 0, missing: [] });
    web.files = {};
    const server = await serve(target);
    const { resource, marathon } = await packageAt(server);
    const { uris, container } = resource.assets;
    expect(await textAt(uris.zip ?? '')).toBe('archive');
    expect(uris.zip).toMatch(new RegExp(`^${server.url}/files/[0-9a-f]{64}/a\\.zip$`));
    expect(await textAt(resource.images['icon-small'])).toBe('picture');
    expect(await textAt(resource.cli.binaries.linux['x86-64'].url)).toBe('#!/bin/sh');
    const [, from = ''] = /^maven:g:a:1\?transitive&from=(.+)$/.exec(uris.jars ?? '') ?? [];
    expect((await request({ url: decodeURIComponent(from) })).status).toBe(200);
    const [, packed = ''] = /^npm:left-pad@1\.3\.0\?from=(.+)$/.exec(uris.pad ?? '') ?? [];
    const archive = gunzipSync((await request({ url: decodeURIComponent(packed) })).body).toString('latin1');
    expect(archive).toMatch(/node_modules\/left-pad\/asked[\s\S]*left-pad@1\.3\.0/);
    const template = Buffer.from(marathon.v2AppMustacheTemplate, 'base64').toString();
    const [literal = ''] = /http[^"]+literal\.txt/.exec(template) ?? [];
    expect(await textAt(literal)).toBe('literal');
    expect(container.docker.app).toBe(
      `${new URL(server.url).host}/${registry.host.replace(':', '_')}/team/app:1`,
    );
  });

  it('is a registry of its images', async () => {
    const target = join(home, 'mirror');
    await mirror(target, 'mine');
    const server = await serve(target);
    const base = `${server.url}/v2/${registry.host.replace(':', '_')}/team/app`;
    expect((await request({ url: `${server.url}/v2/` })).status).toBe(200);
    const manifest = await request({ url: `${base}/manifests/1` });
    const digest = String(manifest.headers['docker-content-digest']);
    expect(`sha256:${createHash('sha256').update(manifest.body).digest('hex')}`).toBe(digest);
    for (const layer of JSON.parse(manifest.body.toString()).layers) {
      const { body } = await request({ url: `${base}/blobs/${layer.digest}` });
      expect(`sha256:${createHash('sha256').update(body).digest('hex')}`).toBe(layer.digest);
      const rest = await request({ url: `${base}/blobs/${layer.digest}`, headers: { Range: 'bytes=5-' } });
      expect({ status: rest.status, bytes: rest.body.length }).toEqual({
        status: 206,
        bytes: body.length - 5,
      });
    }
    expect((await request({ url: `${base}/manifests/2` })).status).toBe(404);
    expect((await request({ url: `${base}/blobs/sha256:${'..%2f'.repeat(4)}` })).status).toBe(404);
    expect((await request({ url: `${server.url}/files/..%2f..%2fmirror.json/x` })).status).toBe(404);
    const again = join(home, 'again');
    await writeFiles(folder, {
      [`${MINE}/resource.json`]: {
        assets: {
          container: {
            docker: { app: `${new URL(server.url).host}/${registry.host.replace(':', '_')}/team/app:1` },
          },
        },
      },
    });
    await writeFiles(folder, { [`${MINE}/marathon.json.mustache`]: '{"id": "x"}' });
    expect((await mirror(again, 'mine')).code).toBe(0);
  });

  it('goes on where a run was cut short, and mends what is damaged', async () => {
    const target = join(home, 'mirror');
    await mirror(target, 'mine');
    web.requests.length = 0;
    await mirror(target, 'mine');
    expect(web.requests).toEqual([]);
    const [zip = ''] = (await readdir(join(target, 'files'))).filter((name) => name === sha256('archive'));
    await writeFile(join(target, 'files', zip, 'a.zip'), 'archivf');
    await rm(join(target, 'files', sha256('literal')), { recursive: true });
    await mirror(target, 'mine');
    expect(web.requests.sort()).toEqual(['/a.zip', '/literal.txt']);
    expect(await readFile(join(target, 'files', zip, 'a.zip'), 'utf8')).toBe('archive');
  });

  it('tells what could not be had, and keeps the rest', async () => {
    delete web.files['/a.zip'];
    web.files['/cli'] = 'something else';
    delete web.files['/icon.png'];
    await writeFiles(folder, {
      [`${MINE}/marathon.json.mustache`]: `{"id": "x", "uris": ["${web.url}/lite{{^none}}ral.txt{{/none}}", "hdfs://x/y"]}`,
    });
    const { code, stdout } = await mirror(join(home, 'mirror'), 'mine');
    const { missing } = JSON.parse(stdout) as {
      missing: { address: string; reason: string; isPicture: boolean }[];
    };
    expect(code).toBe(1);
    expect(missing.map(({ address, reason }) => `${address.replace(web.url, '')} ${reason}`)).toEqual([
      'hdfs://x/y nobody here knows how to fetch it',
      '/a.zip the server answered 404',
      expect.stringMatching(/^\/cli its SHA-256 is/),
      '/icon.png the server answered 404',
      expect.stringMatching(/^\/literal\.txt it was fetched, but the template/),
    ]);
    expect(await readdir(join(home, 'mirror', 'repo/packages/M/mine/0'))).toContain('package.json');
  });

  it('waits for no server that stalls, and takes nothing that is too large', async () => {
    web.files['/stalls'] = 'stalls';
    const item = (path: string) => ({ kind: 'file' as const, address: `${web.url}${path}` });
    const bounds = { limitBytes: 3, stallMs: 200, signal: new AbortController().signal };
    const target = join(home, 'file');
    await expect(fetchFile(item('/stalls'), target, bounds)).rejects.toThrow('hardly anything arrived');
    await rm(target);
    await expect(fetchFile(item('/a.zip'), target, bounds)).rejects.toThrow('is larger than 3 bytes');
  });

  it('misses but a picture without failing', async () => {
    delete web.files['/icon.png'];
    expect((await mirror(join(home, 'mirror'), 'mine')).code).toBe(0);
  });

  it('may be one file', async () => {
    const { code } = await mirror(join(home, 'mirror.tar'), 'mine', 'other');
    expect(code).toBe(0);
    await rm(join(home, 'mirror'), { recursive: true });
    const server = await serve(join(home, 'mirror.tar'));
    const { resource } = await packageAt(server);
    expect(await textAt(resource.assets.uris.zip ?? '')).toBe('archive');
  });

  it('wants packages that there are', async () => {
    expect((await mirror(join(home, 'mirror'), 'none')).code).toBe(3);
    expect((await mirror(join(home, 'mirror'), 'mine:7')).code).toBe(3);
    expect((await mirror(join(home, 'mirror'))).code).toBe(2);
  });

  it('that is damaged is not served', async () => {
    const target = join(home, 'mirror');
    await mirror(target, 'mine');
    const manifest = await readFile(join(target, 'mirror.json'), 'utf8');
    await writeFile(join(target, 'mirror.json'), manifest.replaceAll('files/', '../files/'));
    await expect(serve(target)).rejects.toThrow('is damaged');
  });
});

describe('addresses in templates', () => {
  it('are led to the mirror whole, the longest first', () => {
    const addresses = new Map([
      ['http://x/a', 'A'],
      ['http://x/a/b', 'B'],
      ['nginx:1', 'N'],
    ]);
    expect(
      rewriteTemplate(
        '"http://x/a" http://x/a/b http://x/a.zip nginx:1 team/nginx:1 nginx:12 "nginx:1"',
        addresses,
      ),
    ).toBe('"A" B http://x/a.zip N team/nginx:1 nginx:12 "N"');
  });

  it('by digest stay by digest', () => {
    const image = { name: 'library/nginx', tag: 'latest', digest: `sha256:${'a'.repeat(64)}`, mediaType: '' };
    const addresses = mirroredAddresses(
      { files: {}, images: { [`nginx@${image.digest}`]: image }, missing: [] },
      'http://m:1',
    );
    expect([...addresses.values()]).toEqual([`m:1/library/nginx@${image.digest}`]);
  });
});
