import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startRecordingServer } from '../../clients/recording-server.ts';
import { startTestRegistry } from '../../support/registry/test-registry.ts';
import { metadataOf, revisionFiles, temporaryFolder, writeFiles } from '../../universe/repository-files.ts';
import { runPlenum } from '../run-plenum.ts';

/** What is asked of registries and of repositories of packages, which are no part of a cluster. */

const PUSHED_BLOB = [
  'HEAD /v2/team/universe/blobs/DIGEST',
  'POST /v2/team/universe/blobs/uploads/',
  'PUT /v2/team/universe/blobs/uploads/session-1?state=x&digest=DIGEST',
];
const DIGEST = /sha256(:|%3A)[0-9a-f]{64}/g;

it('universe publish gives a registry what it lacks, each piece before what names it', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, revisionFiles('mine', 0));
  const registry = await startTestRegistry();
  onTestFinished(() => registry.close());
  const uri = `oci://${registry.host}/team/universe:1`;
  const { code } = await runPlenum(['universe', 'publish', uri, '--repository', folder]);
  expect(code).toBe(0);
  expect(registry.requests.map((line) => line.replace(DIGEST, 'DIGEST'))).toEqual([
    ...PUSHED_BLOB,
    ...PUSHED_BLOB,
    'PUT /v2/team/universe/manifests/1',
  ]);
});

it('universe mirror reads a repository as clusters do, and fetches what its packages name once', async () => {
  const server = await startRecordingServer();
  onTestFinished(() => server.close());
  const { answers, requests, url } = server;
  const one = {
    ...metadataOf('mine'),
    releaseVersion: 0,
    marathon: { v2AppMustacheTemplate: Buffer.from('{"id": "mine", "cmd": "true"}').toString('base64') },
    resource: { assets: { uris: { program: `${url}/program.tar` } } },
  };
  answers['GET /repo'] = {
    body: { packages: [one] },
    headers: { 'Content-Type': 'application/vnd.dcos.universe.repo+json;charset=utf-8;version=v4' },
  };
  answers['GET /program.tar'] = { body: 'bytes' };
  const folder = await temporaryFolder();
  const home = join(folder, 'home');
  const args = ['universe', 'mirror', join(folder, 'mirror'), 'mine', '--from', `${url}/repo`];
  const { code, stderr } = await runPlenum(args, { env: { PLENUM_HOME: home } });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(requests.map(({ method, target }) => `${method} ${target}`)).toEqual([
    'GET /repo',
    'GET /program.tar',
  ]);
  const types = ['v5', 'v4', 'v3'].map(
    (version) => `application/vnd.dcos.universe.repo+json;charset=utf-8;version=${version}`,
  );
  expect(requests[0]?.headers).toMatchObject({
    accept: types.join(','),
    'user-agent': expect.stringMatching(/ dcos\/\d+\.\d+$/),
  });
});
