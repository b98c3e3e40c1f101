import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type NewArtifact, pushArtifact } from '../../src/registry/artifact.ts';
import type { DockerConfig } from '../../src/registry/docker-config.ts';
import { DEFAULT_LIMITS } from '../../src/registry/image-limits.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import {
  type RegistryLogin,
  startTestRegistry,
  type TestRegistry,
} from '../support/registry/test-registry.ts';
import { tarWith } from '../universe/archive-files.ts';
import { metadataOf, revisionFiles, temporaryFolder, writeFiles } from '../universe/repository-files.ts';
import { startTestService } from './test-service.ts';

const startRegistry = async (login?: RegistryLogin): Promise<TestRegistry> => {
  const registry = await startTestRegistry(login);
  onTestFinished(() => registry.close());
  return registry;
};

const push = (
  name: string,
  contents: readonly (readonly [string, Buffer])[],
  config: DockerConfig = {},
): Promise<string> => {
  const artifact: NewArtifact = {
    type: 'application/vnd.plenum.universe.v1',
    layers: contents.map(([mediaType, bytes]) => ({ mediaType, bytes, title: 'universe' })),
  };
  return pushArtifact(
    {
      name,
      config,
      insecure: [],
      clock: systemClock,
      limits: DEFAULT_LIMITS,
      signal: new AbortController().signal,
    },
    artifact,
  );
};

it.each([
  ['a folder', 'application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tarWith(revisionFiles('mine', 0)))],
  [
    'a built repository',
    'application/vnd.dcos.universe.repo+json;charset=utf-8;version=v5',
    Buffer.from(JSON.stringify({ packages: [{ ...metadataOf('mine'), releaseVersion: 0 }] })),
  ],
])('an OCI registry may hold %s', async (_what, mediaType, bytes) => {
  const registry = await startRegistry();
  const digest = await push(`${registry.host}/team/universe:1`, [[mediaType, bytes]]);
  const { post, restart } = await startTestService();
  const uri = `oci://${registry.host}/team/universe:1`;
  const added = await post('/package/repository/add', { name: 'registry', uri });
  expect(added.body.repositories[1]).toMatchObject({ uri, state: 'READY', packages: 1, digest });
  const found = await post('/package/search', { query: 'mine' });
  expect(found.body.packages).toMatchObject([{ name: 'mine', repository: 'registry' }]);
  await restart();
  expect((await post('/package/search', { query: 'mine' })).body.packages).toHaveLength(1);
  expect(registry.count('GET /v2/team/universe/manifests')).toBe(2);
  expect(registry.count('GET /v2/team/universe/blobs')).toBe(1);
  registry.fault = (_request, response) => {
    response.writeHead(403).end();
    return true;
  };
  await restart();
  expect((await post('/package/search', { query: 'mine' })).body.packages).toHaveLength(1);
  const { body } = await post('/package/repository/list');
  expect(body.repositories[1]).toMatchObject({ state: 'STALE', problem: expect.stringContaining('refuses') });
});

it('an artifact that is no repository is not added', async () => {
  const { host } = await startRegistry();
  const { post } = await startTestService();
  const add = async (name: string) =>
    (await post('/package/repository/add', { name: 'registry', uri: `oci://${host}/${name}` })).body;
  await push(`${host}/some/text:1`, [['text/plain', Buffer.from('hello')]]);
  await push(`${host}/some/two:1`, [
    ['text/plain', Buffer.from('a')],
    ['text/plain', Buffer.from('b')],
  ]);
  expect(await add('some/text:1')).toMatchObject({ type: 'UnsupportedContentType' });
  expect((await add('some/two:1')).message).toMatch(/it has 2 layers, and one is expected/);
  expect((await add('some/missing:1')).message).toMatch(/has no some\/missing:1/);
  expect(await add('Some/Thing')).toMatchObject({ type: 'UnsupportedRepositoryUri' });
});

it.each(['basic', 'token'] as const)(
  'a registry that asks for a login (%s) is read with that of the user, and not without',
  async (type) => {
    const { host } = await startRegistry({ type, username: 'ann', password: 'secret' });
    const config = { auths: { [host]: { auth: Buffer.from('ann:secret').toString('base64') } } };
    const layer = [
      'application/vnd.oci.image.layer.v1.tar+gzip',
      gzipSync(tarWith(revisionFiles('mine', 0))),
    ];
    await push(`${host}/team/universe:1`, [layer as [string, Buffer]], config);
    const folder = await temporaryFolder();
    vi.stubEnv('DOCKER_CONFIG', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { post } = await startTestService();
    const add = () => post('/package/repository/add', { name: 'x', uri: `oci://${host}/team/universe:1` });
    const refused = await add();
    expect(refused.status).not.toBe(200);
    expect(refused.body.message).toMatch(/login|refuses|token/);
    await writeFiles(folder, { 'config.json': config });
    expect((await add()).body.repositories[1]).toMatchObject({ state: 'READY', packages: 1 });
    expect(JSON.stringify(await post('/package/repository/list'))).not.toContain('secret');
  },
);
