import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, slave, startFakeCluster, task } from './fake-cluster.ts';

const M = '/service/marathon/v2';
const AGENT = '6b0d2c8e-51a7-4c58-9d4e-0f7a3c1e9b20-S0';
const missing = (message: string) => ({ status: 404, body: { message } });

let cluster: FakeCluster;

beforeEach(async () => {
  const scheduler = { id: '/hdfs', labels: { DCOS_PACKAGE_FRAMEWORK_NAME: 'hdfs' } };
  cluster = await startFakeCluster({
    [`GET ${M}/apps`]: { body: { apps: [{ id: '/shop/web' }, scheduler] } },
    [`GET ${M}/apps/shop/wbe`]: missing("App '/shop/wbe' does not exist"),
    [`GET ${M}/apps/zzz`]: missing("App '/zzz' does not exist"),
    [`DELETE ${M}/apps/shop/wbe`]: missing("App '/shop/wbe' does not exist"),
    [`GET ${M}/groups`]: { body: { id: '/', groups: [{ id: '/shop', groups: [{ id: '/shop/back' }] }] } },
    [`GET ${M}/groups/shop/bakc`]: missing("Group '/shop/bakc' does not exist"),
    'GET /service/metronome/v1/jobs': { body: [{ id: 'nightly' }] },
    'POST /service/metronome/v1/jobs/nigthly/runs': missing("Job 'nigthly' does not exist"),
    'GET /mesos/tasks': { body: { tasks: [task('web.1')] } },
    'GET /mesos/slaves': { body: { slaves: [slave(AGENT, 'node-1')] } },
    'POST /mesos/api/v1': { status: 404, body: 'Agent not found' },
    'GET /mesos/frameworks': {
      body: { frameworks: [{ id: 'F', name: 'marathon', active: true }], completed_frameworks: [] },
    },
  });
});

afterEach(() => cluster.close());

describe('what is not there', () => {
  it.each([
    ['marathon app show shop/wbe', '/shop/web'],
    ['marathon app remove /shop/wbe', '/shop/web'],
    ['marathon group show /shop/bakc', '/shop/back'],
    ['job run nigthly', 'nightly'],
    ['task log wbe', 'web'],
    ['framework show marathno', 'marathon'],
    ['service log hdsf', 'hdfs'],
    ['node metrics summary S0', AGENT],
    ['node log node-1', AGENT],
    ['node drain S0', AGENT],
  ])('%s names what was probably meant', async (line, name) => {
    const { code, stderr } = await cluster.run(line.split(' '));
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(`Did you mean ${name}?`) });
  });

  it('and is like nothing, is said alone', async () => {
    const { stderr } = await cluster.run(['marathon', 'app', 'show', 'zzz']);
    expect(stderr).toBe("Error: App '/zzz' does not exist\n");
  });

  it('is said when nobody can tell what there is, too', async () => {
    cluster.answers[`GET ${M}/apps`] = { status: 500, body: 'no' };
    const { code, stderr } = await cluster.run(['marathon', 'app', 'show', 'shop/wbe']);
    expect({ code, stderr }).toEqual({ code: 3, stderr: "Error: App '/shop/wbe' does not exist\n" });
  });
});
