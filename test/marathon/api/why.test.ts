import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

const app = (id: string, more: object = {}) => ({ id, cmd: 'sleep 600', cpus: 0.1, mem: 16, ...more });
const call: ServedMarathon['call'] = (...request) => marathon.call(...request);

beforeEach(async () => {
  marathon = await serveMarathon();
});

afterEach(() => marathon.close());

/** Deploys an app, lets time pass, and asks what holds it. */
const why = async (definition: object) => {
  const { body } = await call('POST', '/v2/apps', definition);
  const [deployment] = body.deployments as { id: string }[];
  await marathon.harness.pass(5_000);
  const { status, body: shown } = await call('GET', `/v2/deployments/${deployment?.id}`);
  expect(status).toBe(200);
  const { queue = [] } = (await call('GET', '/v2/queue')).body;
  return { deployment: (shown.why as string[]).join('\n'), queue: queue[0]?.why as string[] | undefined };
};

describe('why a deployment waits', () => {
  it('is told with what is lacking, on how many agents, and what would help', async () => {
    const { deployment, queue } = await why(app('/big', { cpus: 100, instances: 2 }));
    expect(deployment).toContain('/big: 2 of its instances wait to be launched');
    expect(deployment).toMatch(
      /\/big: 2 of 2 agents: at least \d+ cpus less than the 100 it asks, the most is \d+ on .* \(lower cpus to \d+, or add an agent or free one\)/,
    );
    expect(queue?.at(-1)).toMatch(/^The last offer came at \d{4}-/);
  });

  it('is told by the constraint', async () => {
    const { deployment } = await why(app('/picky', { constraints: [['rack', 'LIKE', 'r1']] }));
    expect(deployment).toMatch(/2 of 2 agents: rack.* is not fulfilled by .*loosen the constraint/);
  });

  it('is told by the ports', async () => {
    const portDefinitions = [{ port: 1, protocol: 'tcp' }];
    const { deployment } = await why(app('/port', { portDefinitions, requirePorts: true }));
    expect(deployment).toMatch(/2 of 2 agents: .*port 0/);
  });

  it('is told by the health of instances', async () => {
    const healthChecks = [{ protocol: 'MESOS_HTTP', path: '/' }];
    const { deployment } = await why(app('/sick', { healthChecks }));
    expect(deployment).toMatch(/\/sick: 1 .*: sick\.\S+ on /);
  });

  it('is asked of deployments that are under way', async () => {
    const { status, body } = await call('GET', '/v2/deployments/none');
    expect([status, body.message]).toEqual([404, 'DeploymentPlan none does not exist']);
  });
});
