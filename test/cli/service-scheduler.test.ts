import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

let cluster: FakeCluster;

const step = (name: string, status: string, message = ''): object => ({ id: name, name, status, message });

beforeEach(async () => {
  cluster = await startFakeCluster({
    'GET /service/data/kafka/v1/endpoints': { body: ['bootstrap-servers', 'broker-server-client'] },
    'GET /service/data/kafka/v1/endpoints/bootstrap-servers': { body: 'one:9092,two:9092\n' },
    'GET /service/data/kafka/v1/plans/deploy': {
      body: {
        name: 'deploy',
        phases: [
          { steps: [step('broker-0-server', 'COMPLETE')] },
          { steps: [step('broker-1-server', 'DELAYED', 'TASK_FAILED: no java')] },
        ],
      },
    },
  });
});

afterEach(() => cluster.close());

describe('service endpoints', () => {
  it('lists the endpoints, and prints the text of one', async () => {
    const all = await cluster.run(['service', 'endpoints', 'data/kafka']);
    expect(all).toMatchObject({ code: 0, stdout: 'bootstrap-servers\nbroker-server-client\n' });
    const one = await cluster.run(['service', 'endpoints', 'data/kafka', 'bootstrap-servers']);
    expect(one).toMatchObject({ code: 0, stdout: 'one:9092,two:9092\n' });
    const json = await cluster.run(['service', 'endpoints', 'data/kafka', 'bootstrap-servers', '--json']);
    expect(JSON.parse(json.stdout)).toEqual({ name: 'bootstrap-servers', text: 'one:9092,two:9092' });
  });

  it('says what the service says to a name that it does not have', async () => {
    cluster.answers['GET /service/data/kafka/v1/endpoints/none'] = {
      status: 404,
      body: { message: 'There is no endpoint none: there are bootstrap-servers' },
    };
    const { code, stderr } = await cluster.run(['service', 'endpoints', 'data/kafka', 'none']);
    expect(code).toBe(3);
    expect(stderr).toContain('There is no endpoint none: there are bootstrap-servers');
  });
});

describe('service plan', () => {
  it('shows every task of the plan, and what holds it up', async () => {
    const { code, stdout } = await cluster.run(['service', 'plan', 'data/kafka']);
    expect(code).toBe(0);
    expect(stdout.replace(/ +$/gm, '')).toBe(
      'TASK             STATUS    MESSAGE\n' +
        'broker-0-server  COMPLETE\n' +
        'broker-1-server  DELAYED   TASK_FAILED: no java\n',
    );
  });

  it('is empty of a service that has nothing to deploy, and nothing of one that has no scheduler', async () => {
    cluster.answers['GET /service/web/v1/plans/deploy'] = { body: {} };
    expect(await cluster.run(['service', 'plan', 'web', '--json'])).toMatchObject({
      code: 0,
      stdout: '[]\n',
    });
    expect((await cluster.run(['service', 'plan', 'nobody'])).code).toBe(3);
  });
});
