import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lintRepository } from '../../src/universe/authoring/lint/lint-repository.ts';
import { readFolderTree } from '../../src/universe/sources/read-file-tree.ts';
import { tarWith, writeArchive, zipEntries, zipOf } from '../universe/archive-files.ts';
import { metadataOf, revisionFiles, temporaryFolder, writeFiles } from '../universe/repository-files.ts';
import { type Answer, startTestService, type TestService } from './test-service.ts';

/**
 * One test for each kind of bad input that anybody may hand to the package service, as its user meets it. The details are
 * in test/universe: archives (archives.test.ts), schemas and patterns (options.test.ts), templates (rendering.test.ts),
 * random bytes (mutations.test.ts), lint of the same (authoring.test.ts); servers in hostile-servers.test.ts.
 */

const GOOD = revisionFiles('good', 0);
const EVIL = 'repo/packages/G/good/0/resource.json';

const nested = (depth: number, inner: unknown, wrap: (inner: unknown) => unknown): unknown =>
  depth === 0 ? inner : nested(depth - 1, wrap(inner), wrap);

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const add = ({ post }: TestService, uri: string): Promise<Answer> =>
  post('/package/repository/add', { name: 'evil', uri });

/** What the list of repositories says is wrong with packages, once the good one is there all the same. */
const problemsOf = async (service: TestService, archive: Buffer): Promise<string> => {
  const added = await add(service, await writeArchive(archive));
  expect(added.body).toMatchObject({ repositories: [{}, { state: 'READY' }] });
  const { body } = await service.post('/package/search', { query: 'good' });
  expect(body.packages).toMatchObject([{ name: 'good' }]);
  return JSON.stringify(added.body.repositories[1].packageProblems);
};

/** What becomes of installing the package of a repository. */
const install = async (files: Readonly<Record<string, unknown>>, options?: unknown): Promise<Answer> => {
  const service = await startTestService();
  await service.addFiles(files);
  const body = { packageName: 'good', ...(options === undefined ? {} : { options }) };
  const answer = await service.post('/package/install', body);
  expect(service.marathon.changes).toEqual([]);
  return answer;
};

const withConfig = (config: unknown): Record<string, unknown> => ({
  ...GOOD,
  'repo/packages/G/good/0/config.json': config,
});

describe('an archive', () => {
  it('with names that lead out of it (zip slip) has them refused', async () => {
    const path = '../../repo/packages/E/evil/0/package.json';
    const zip = await zipOf({ ...zipEntries(GOOD), [path]: { content: metadataOf('evil') } });
    expect(await problemsOf(await startTestService(), zip)).toContain('leads out');
  });

  it('with a symbolic link has it refused', async () => {
    const zip = await zipOf({ ...zipEntries(GOOD), [EVIL]: { content: '/etc/passwd', mode: 0o120777 } });
    expect(await problemsOf(await startTestService(), zip)).toContain('is a link');
  });

  it('with a device has it refused', async () => {
    const tar = tarWith(GOOD, [{ path: EVIL, type: 'CharacterDevice' }]);
    expect(await problemsOf(await startTestService(), tar)).toContain('is no file');
  });

  it('that is a bomb is refused', async () => {
    const blank = Buffer.alloc(300 * 1024 * 1024, ' ');
    const bomb = gzipSync(Buffer.concat([Buffer.from('{"packages": ['), blank]));
    const { status, body } = await add(await startTestService(), await writeArchive(bomb));
    expect({ status, message: body.message }).toMatchObject({
      status: 400,
      message: expect.stringMatching(/unpacks to more than/),
    });
  }, 60_000);
});

describe('nesting', () => {
  it('of a schema without an end is refused', async () => {
    const schema = { properties: { a: nested(150, {}, (inner) => ({ not: inner })) } };
    expect(await install(withConfig(schema), { a: {} })).toMatchObject({
      status: 400,
      body: { type: 'PackageDefect', message: expect.stringContaining('nested deeper than 100 levels') },
    });
  });

  it('of options without an end is refused', async () => {
    const options = nested(1_000, 1, (inner) => ({ a: inner }));
    expect(await install(GOOD, options)).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/nested/) },
    });
  });
});

describe('a pattern that tries every way', () => {
  it('is answered soon where it needs no backtracking', async () => {
    const config = { properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    expect(await install(withConfig(config), { a: `${'a'.repeat(1_000)}!` })).toMatchObject({
      status: 400,
      body: { type: 'JsonSchemaMismatch', data: { errors: [{ keyword: 'pattern' }] } },
    });
  });

  it('is given up where it does', async () => {
    const config = { properties: { a: { type: 'string', pattern: '^(?=a)(a+)+$' } } };
    expect(await install(withConfig(config), { a: `${'a'.repeat(50)}!` })).toMatchObject({
      status: 400,
      body: { type: 'PackageDefect', message: expect.stringContaining('took longer than 750 ms') },
    });
  });
});

it('a template that never ends is given up', async () => {
  const list = Array.from({ length: 1_000 }, () => 'x');
  const files = {
    ...withConfig({ properties: { l: { type: 'array', default: list } } }),
    'repo/packages/G/good/0/marathon.json.mustache': `${'{{#l}}'.repeat(20)}{{none}}${'{{/l}}'.repeat(20)}`,
  };
  expect(await install(files)).toMatchObject({
    status: 400,
    body: { type: 'PackageDefect', message: expect.stringMatching(/renders (too many|for longer)/) },
  });
});

it('a file that is no UTF-8 is refused, and hides no other package', async () => {
  const tar = tarWith({ ...GOOD, ...revisionFiles('other', 0), [EVIL.replaceAll('good', 'other')]: '{}' }, [
    { path: 'repo/packages/O/other/1/package.json', content: Buffer.from([0x7b, 0xff, 0x7d]) },
  ]);
  expect(await problemsOf(await startTestService(), tar)).toContain('not valid UTF-8');
});

it('a key that is there twice is an error of lint, with its place', async () => {
  const folder = await temporaryFolder();
  const config = '{\n  "type": "object",\n  "properties": {"a": {}, "a": {}}\n}\n';
  await writeFiles(folder, withConfig(config));
  const { findings } = await lintRepository(await readFolderTree(folder), { certify: false });
  expect(findings).toContainEqual({
    severity: 'error',
    rule: 'duplicate-key',
    file: 'G/good/0/config.json',
    line: 3,
    column: 27,
    message: '/properties has the key "a" twice',
  });
});

describe('a repository', () => {
  it('that redirects in a circle is refused', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(302, { Location: '/again' }).end();
    });
    expect(await add(await startTestService(), `${url}/repo`)).toMatchObject({
      status: 400,
      body: { type: 'UnsupportedRedirect', data: { supported: ['http', 'https'], actual: 'http' } },
    });
  });

  it.each([
    [{ 'Content-Encoding': 'br' }, 'UnsupportedContentEncoding', { supported: ['gzip'], actual: 'br' }],
    [
      { 'Content-Type': 'text/html' },
      'UnsupportedContentType',
      {
        supported: ['v5', 'v4', 'v3'].map(
          (version) => `application/vnd.dcos.universe.repo+json;charset=utf-8;version=${version}`,
        ),
        actual: 'text/html',
      },
    ],
  ])('that sends a page with %j is refused with what is read', async (headers, type, data) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, headers).end('<html></html>');
    });
    const { status, body } = await add(await startTestService(), `${url}/repo`);
    expect({ status, type: body.type, data: body.data }).toEqual({ status: 400, type, data });
  });

  it('that stalls keeps nobody else waiting', async () => {
    const url = await serve(() => undefined);
    const service = await startTestService();
    const adding = add(service, `${url}/repo`).catch(() => undefined);
    const { body } = await service.post('/package/search', { query: 'hello' });
    expect(body.packages).toHaveLength(1);
    await service.close();
    await adding;
  });
});
