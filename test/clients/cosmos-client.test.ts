import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CosmosClient, createCosmosClient } from '../../src/clients/cosmos-client.ts';
import { type RecordingServer, startRecordingServer } from './recording-server.ts';

let server: RecordingServer;
let packages: CosmosClient;

beforeEach(async () => {
  server = await startRecordingServer();
  packages = createCosmosClient({ url: server.url });
});

afterEach(() => server.close());

describe('the package client', () => {
  it('names the media types of the operation, and leaves out what was not given', async () => {
    server.answers['POST /package/describe'] = { body: { package: { name: 'x' } } };
    await packages.describe('x');
    const [request] = server.requests;
    expect(request?.headers).toMatchObject({
      'content-type': 'application/vnd.dcos.package.describe-request+json;charset=utf-8;version=v1',
      accept:
        'application/vnd.dcos.package.describe-response+json;charset=utf-8;version=v3, application/vnd.dcos.package.error+json;charset=utf-8;version=v1',
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({ packageName: 'x' });
  });

  it('finds repositories below their own path', async () => {
    const repositories = [{ name: 'a', uri: 'file:///a' }];
    server.answers['POST /package/repository/add'] = { body: { repositories } };
    expect(await packages.addRepository({ name: 'a', uri: 'file:///a', index: 0 })).toEqual(repositories);
    expect(server.requests[0]?.headers['content-type']).toContain('package.repository.add-request+json');
  });

  it('keeps the type of an error, and every violation of a schema but the warnings', async () => {
    server.answers['POST /package/install'] = {
      status: 400,
      body: {
        type: 'JsonSchemaMismatch',
        message: 'Options JSON failed validation',
        data: {
          errors: [
            { level: 'error', instance: { pointer: '/service/name' }, message: 'must be a string' },
            { level: 'error', instance: { pointer: '' }, message: 'must have a service' },
            { level: 'warning', instance: { pointer: '' }, message: 'unknown keyword' },
          ],
        },
      },
    };
    await expect(packages.install({ packageName: 'x' })).rejects.toMatchObject({
      type: 'JsonSchemaMismatch',
      details: [
        { path: '/service/name', message: 'must be a string' },
        { path: '/', message: 'must have a service' },
      ],
    });
  });

  it("keeps Marathon's details of an app that it refused", async () => {
    server.answers['POST /package/install'] = {
      status: 400,
      body: {
        type: 'MarathonBadResponse',
        message: 'Object is not valid',
        data: { errors: [{ path: '/cpus', errors: ['error.min'] }] },
      },
    };
    await expect(packages.install({ packageName: 'x' })).rejects.toMatchObject({
      details: [{ path: '/cpus', message: 'error.min' }],
    });
  });
});
