import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

/** What commands ask for that the original had not, or that is not among its recorded calls. */

const M = '/service/marathon/v2';
const S = '/secrets/v1/secret/default';

let cluster: FakeCluster;

beforeEach(async () => {
  const framework = { id: 'F', name: 'hdfs', active: true, used_resources: {}, tasks: [], offers: [] };
  cluster = await startFakeCluster({
    [`GET ${S}`]: { body: { array: ['db/password'] } },
    [`GET ${S}/db`]: { body: { array: ['password'] } },
    [`GET ${S}/db/password`]: { body: { value: 'hidden' } },
    'GET /mesos/frameworks': { body: { frameworks: [framework], completed_frameworks: [] } },
    'GET /mesos/roles': { body: { roles: [{ name: 'web', weight: 1, resources: {}, frameworks: [] }] } },
    [`GET ${M}/deployments`]: { body: [] },
  });
});

afterEach(() => cluster.close());

it.each<[string, string[]]>([
  ['security secrets list', [`GET ${S}?list=true`]],
  ['security secrets list db', [`GET ${S}/db?list=true`]],
  ['security secrets get db/password', [`GET ${S}/db/password`]],
  ['framework list', ['GET /mesos/frameworks']],
  ['framework show hdfs', ['GET /mesos/frameworks']],
  ['role list', ['GET /mesos/roles']],
  ['marathon deployment list --ended --json', [`GET ${M}/deployments?ended=true`]],
])('%s asks for what it shows, and for nothing else', async (line, requests) => {
  const { code, stderr } = await cluster.run(line.split(' '));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(cluster.server.requests.map(({ method, target }) => `${method} ${target}`)).toEqual(requests);
});
