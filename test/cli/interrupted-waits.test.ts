import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interruption } from '../../src/cli/errors/cli-error.ts';
import { type FakeCluster, slave, startFakeCluster } from './fake-cluster.ts';

/** Whoever stops waiting with Ctrl-C is told what goes on without him, and how to see it. */

const M = '/service/marathon/v2';
const J = '/service/metronome/v1/jobs/night';
const DEPLOYED = { body: { version: 'v', deploymentId: 'dep-1' } };
const BUNDLE = '/system/health/v1/diagnostics';

let cluster: FakeCluster;
let interrupt: AbortController;

/** Answers, and has the command interrupted as soon as it has asked for it. */
const interrupting = (body: unknown) => () => {
  setImmediate(() => interrupt.abort(interruption()));
  return { body };
};

beforeEach(async () => {
  interrupt = new AbortController();
  const deployment = {
    id: 'dep-1',
    version: 'v',
    affectedApps: ['/web'],
    affectedPods: [],
    steps: [],
    currentActions: [],
    currentStep: 1,
    totalSteps: 2,
  };
  cluster = await startFakeCluster({
    [`GET ${M}/apps/web`]: interrupting({ app: { id: '/web', instances: 2, tasksRunning: 1, tasks: [] } }),
    [`DELETE ${M}/apps/web/tasks`]: { body: { tasks: [{ id: 'web.1' }] } },
    [`DELETE ${M}/groups/web`]: DEPLOYED,
    [`GET ${M}/deployments`]: interrupting([deployment]),
    [`GET ${M}/queue`]: { body: { queue: [] } },
    [`POST ${J}/runs`]: { status: 201, body: { id: 'r1', jobId: 'night', status: 'INITIAL' } },
    [`GET ${J}/runs/r1`]: interrupting({ id: 'r1', jobId: 'night', status: 'ACTIVE' }),
    [`GET ${BUNDLE}/b`]: interrupting({ id: 'b', status: 'InProgress', size: 0, started_at: '' }),
    'POST /mesos/api/v1': { body: {} },
    'GET /mesos/slaves': interrupting({ slaves: [slave('S0', 'h', { drain_info: { state: 'DRAINING' } })] }),
    'GET /mesos/tasks': { body: { tasks: [] } },
  });
});

afterEach(() => cluster.close());

describe('Ctrl-C while a command waits', () => {
  it.each([
    ['marathon group remove /web --wait', 'The deployment goes on: plenum marathon deployment watch dep-1'],
    ['marathon app kill /web --wait', 'plenum marathon app show /web shows how far it is'],
    ['job run night --wait', 'The run goes on: plenum job show runs night'],
    ['diagnostics wait b', 'The bundle goes on being made: plenum diagnostics wait b'],
    ['node drain S0 --wait', 'The agent goes on draining: plenum node list shows it'],
  ])('%s ends it with 130 and says what goes on', async (line, text) => {
    const { code, stderr } = await cluster.run(line.split(' '), { signal: interrupt.signal });
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining(text) });
  });
});
