import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { send } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { definitionDigest } from '../../src/universe/definition/definition-digest.ts';
import { metadataOf } from '../universe/repository-files.ts';
import { startTestService } from './test-service.ts';

describe('a package that is described with its repository', () => {
  it('says where it comes from, and only when asked', async () => {
    const { post, bundledUri } = await startTestService();
    const request = { packageName: 'hello', withRepository: true };
    const { body } = await post('/package/describe', request, { version: 3 });
    expect(body.repository).toEqual({ name: expect.any(String), uri: bundledUri });
    const plain = await post('/package/describe', { packageName: 'hello' }, { version: 3 });
    expect(Object.keys(plain.body)).toEqual(['package']);
  });
});

describe('an installation of a definition by its digest', () => {
  it('is made when the definition is that one, and refused when it is not', async () => {
    const { post, marathon } = await startTestService();
    const { body } = await post('/package/describe', { packageName: 'hello' }, { version: 3 });
    const wrong = { packageName: 'hello', definitionDigest: 'sha256:00' };
    const actual = definitionDigest(body.package);
    expect(await post('/package/install', wrong)).toMatchObject({
      status: 409,
      body: { type: 'DefinitionMismatch', data: { wanted: 'sha256:00', actual } },
    });
    expect(marathon.apps.size).toBe(0);
    const { status } = await post('/package/install', { packageName: 'hello', definitionDigest: actual });
    expect(status).toBe(200);
  });

  it('goes by what the definition says, not by how it is written down', () => {
    expect(definitionDigest({ b: 1, a: { d: [2, 1], c: null } })).toBe(
      definitionDigest({ a: { d: [2, 1] }, b: 1 }),
    );
    expect(definitionDigest({ a: [1, 2] })).not.toBe(definitionDigest({ a: [2, 1] }));
  });
});

describe('a resource whose hash the package names', () => {
  it('is passed on when it is that, and refused when it is not', async () => {
    const router = new Router().on('*', '/*path', ({ response }) => send(response, 200, 'a program'));
    const web = await startServer({ router, log: silentLog });
    onTestFinished(() => web.close());
    const { addFiles, get } = await startTestService();
    const binary = (path: string, value: string): object => ({
      'x86-64': { kind: 'executable', url: `${web.url}/${path}`, contentHash: [{ algo: 'sha256', value }] },
    });
    const right = createHash('sha256').update('a program').digest('hex');
    await addFiles({
      'repo/packages/C/cli/0/package.json': metadataOf('cli'),
      'repo/packages/C/cli/0/resource.json': {
        cli: {
          binaries: { linux: binary('right', right.toUpperCase()), darwin: binary('wrong', '0'.repeat(64)) },
        },
      },
    });
    const fetch = (path: string) => get(`/package/resource?url=${encodeURIComponent(`${web.url}/${path}`)}`);
    expect(await fetch('right')).toMatchObject({ status: 200, body: 'a program' });
    const url = `${web.url}/wrong`;
    expect(await fetch('wrong')).toMatchObject({
      status: 502,
      body: {
        type: 'ContentHashMismatch',
        data: { uri: url, expected: ['0'.repeat(64)], actual: right, status: 502 },
      },
    });
  });
});
