import { describe, expect, it, onTestFinished } from 'vitest';
import { send } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { metadataOf, revisionFiles } from '../universe/repository-files.ts';
import { type Answer, startTestService } from './test-service.ts';

/** Errors of the reference (2.15) that no other test meets, each with its status and data. */

const told = ({ status, body }: Answer) => ({ status, type: body.type, data: body.data });

describe('an error of a package', () => {
  const startWith = async (template: unknown, files: object = {}) => {
    const service = await startTestService();
    await service.addFiles({
      'repo/packages/B/bad/0/package.json': metadataOf('bad'),
      'repo/packages/B/bad/0/marathon.json.mustache': template,
      ...files,
    });
    return service;
  };
  const render = async (template: string, options?: object): Promise<Answer> =>
    (await startWith(template)).post('/package/render', { packageName: 'bad', options });

  it('JsonParsingError has what was parsed, and as what', async () => {
    const answer = await render('{"id": oops}');
    expect(told(answer)).toEqual({
      status: 400,
      type: 'JsonParsingError',
      data: {
        underlyingType: 'JsonObject',
        parsingErrorMessage: answer.body.message,
        parsingInput: '{"id": oops}',
      },
    });
    expect(answer.body.message).toContain('line 1, column 8');
  });

  it('JsonDecodingError has the labels that are none', async () => {
    const answer = await render('{"id": "bad", "labels": {"a": 1}}');
    expect(told(answer)).toEqual({
      status: 400,
      type: 'JsonDecodingError',
      data: {
        typeName: 'Map[String, String]',
        decodingErrorMessage: answer.body.message,
        decodeInput: '{"a":1}',
      },
    });
  });

  it('MarathonTemplateMustBeJsonObject and OptionsNotAllowed have no data', async () => {
    expect(told(await render('[1]'))).toEqual({
      status: 400,
      type: 'MarathonTemplateMustBeJsonObject',
      data: undefined,
    });
    expect(told(await render('{"id": "bad"}', { a: 1 }))).toEqual({
      status: 400,
      type: 'OptionsNotAllowed',
      data: undefined,
    });
  });

  it('ServiceMarathonTemplateNotFound names the package', async () => {
    const service = await startTestService();
    await service.addFiles({ 'repo/packages/N/none/0/package.json': metadataOf('none') });
    const data = { packageName: 'none', packageVersion: '1.0.0' };
    for (const path of ['/package/render', '/package/install']) {
      const answer = await service.post(path, { packageName: 'none' });
      expect(told(answer)).toEqual({ status: 400, type: 'ServiceMarathonTemplateNotFound', data });
    }
    const full = await service.post('/package/install', { packageName: 'none' }, { version: 2 });
    expect(full).toMatchObject({ status: 200, body: data });
  });
});

describe('an error of Marathon', () => {
  it.each([
    [
      {
        status: 422,
        body: { message: 'Object is not valid', details: [{ path: '/a', errors: ['x', 'y'] }] },
      },
      {
        status: 400,
        type: 'MarathonBadResponse',
        data: {
          errors: [{ path: '/a', errors: ['x', 'y'] }],
        },
      },
    ],
    [
      { status: 418, body: { tea: 'pot' } },
      { status: 500, type: 'MarathonGenericError', data: { marathonStatus: 418, status: 500 } },
    ],
    [
      { status: 503, body: { message: 'no leader' } },
      { status: 502, type: 'MarathonBadGateway', data: { marathonStatus: 503, status: 502 } },
    ],
    [
      { status: 401, body: { message: 'who' } },
      { status: 401, type: 'Unauthorized', data: { serviceName: 'marathon', status: 401 } },
    ],
    [
      { status: 403, body: { message: 'no' } },
      { status: 403, type: 'Forbidden', data: { serviceName: 'marathon', status: 403 } },
    ],
    [
      { status: 409, body: { message: 'exists' } },
      { status: 409, type: 'PackageAlreadyInstalled', data: undefined },
    ],
  ])('that answers %j to an installation is %j', async (refusal, expected) => {
    const { post, marathon } = await startTestService();
    marathon.refuse = refusal;
    expect(told(await post('/package/install', { packageName: 'hello' }))).toEqual(expected);
  });
});

describe('an error of a resource', () => {
  it('has the address and what was answered', async () => {
    const router = new Router().on('*', '/*path', ({ response }) => send(response, 410, 'gone'));
    const web = await startServer({ router, log: silentLog });
    onTestFinished(() => web.close());
    const { addFiles, get } = await startTestService();
    const [gone, away, wrong] = [`${web.url}/icon`, 'http://127.0.0.1:1/icon', 'http://[wrong'];
    await addFiles({
      ...revisionFiles('pictured', 0),
      'repo/packages/P/pictured/0/resource.json': {
        images: { 'icon-small': gone, 'icon-medium': away },
        assets: { uris: { a: wrong } },
      },
    });
    const fetch = (url: string) => get(`/package/resource?url=${encodeURIComponent(url)}`);
    expect(told(await fetch(gone))).toEqual({
      status: 400,
      type: 'GenericHttpError',
      data: { method: 'GET', uri: gone, clientStatus: 410, status: 400 },
    });
    expect(told(await fetch(away))).toEqual({
      status: 502,
      type: 'EndpointUriConnection',
      data: { destination: away, cause: expect.any(String) },
    });
    expect(told(await fetch(wrong))).toEqual({
      status: 400,
      type: 'EndpointUriSyntax',
      data: { destination: wrong, cause: expect.any(String) },
    });
    expect(told(await fetch('http://example.com/other'))).toMatchObject({
      status: 403,
      type: 'Forbidden',
      data: { serviceName: 'resource', destination: 'http://example.com/other', status: 403 },
    });
    expect(told(await get('/package/resource'))).toEqual({
      status: 400,
      type: 'not_present',
      data: undefined,
    });
  });
});

describe('an error of the service itself', () => {
  it('unhandled_exception says what it was about', async () => {
    const { post, marathon } = await startTestService();
    marathon.apps.set('/plain', { id: '/plain' });
    expect(await post('/service/describe', { appId: '/plain' })).toMatchObject({
      status: 500,
      contentType: 'application/vnd.dcos.package.error+json;charset=utf-8;version=v1',
      body: { type: 'unhandled_exception', message: expect.stringContaining('/plain') },
    });
  });

  it('ServiceUnavailable names the service', async () => {
    const { post, marathon } = await startTestService();
    await marathon.close();
    for (const [path, request] of [
      ['/package/list', {}],
      ['/package/uninstall', { packageName: 'hello' }],
      ['/service/describe', { appId: '/hello' }],
      ['/service/update', { appId: '/hello', replace: true }],
    ] as const) {
      expect(told(await post(path, request)), path).toEqual({
        status: 503,
        type: 'ServiceUnavailable',
        data: { serviceName: 'marathon', status: 503 },
      });
    }
  });
});
