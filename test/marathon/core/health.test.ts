import { describe, expect, it } from 'vitest';
import { taskCounts } from '../../../src/marathon/core/views.ts';
import type { HealthCheck } from '../../../src/marathon/definitions/health.ts';
import { appOf } from './app-of.ts';
import { CoreDriver } from './core-driver.ts';

const CHECK: HealthCheck = {
  protocol: 'HTTP',
  path: '/health',
  portIndex: 0,
  gracePeriodSeconds: 30,
  intervalSeconds: 10,
  timeoutSeconds: 5,
  maxConsecutiveFailures: 2,
  delaySeconds: 15,
  ignoreHttp1xx: false,
  ipProtocol: 'IPv4',
};

const app = (...checks: Partial<HealthCheck>[]) =>
  appOf({
    id: '/web',
    portDefinitions: [{ port: 10_000, protocol: 'tcp', name: 'api', labels: {} }],
    healthChecks: checks.map((check) => ({ ...CHECK, ...check })),
  });

const OK = { type: 'http', status: 204, contentType: '', body: '' } as const;
const BAD = { type: 'http', status: 500, contentType: '', body: '' } as const;

const running = (...checks: Partial<HealthCheck>[]) => {
  const driver = new CoreDriver();
  const taskId = driver.launch(app(...checks));
  driver.status(taskId, 'TASK_RUNNING');
  const instanceId = driver.core.state.instances.ofApp('/web')[0]?.id ?? '';
  const results = () => driver.core.state.health.get(instanceId)?.results ?? [];
  return {
    driver,
    taskId,
    instanceId,
    results,
    timer: (index: number) => `health:${index}:${instanceId}` as const,
  };
};

describe('health checks that Marathon performs', () => {
  it('look at the host port soon after the start, and then at every interval', () => {
    const { driver, taskId, instanceId, timer } = running({});
    expect(driver.fire(timer(0))).toBe(1000);
    expect(driver.probe).toEqual({
      target: { type: 'http', url: 'http://10.0.0.1:31000/health', keepsBody: false },
      timeoutMs: 5000,
      purpose: { type: 'health', taskId, instanceId, checkIndex: 0 },
    });
    expect(driver.hasTimer(timer(0))).toBe(false);
    driver.handle({
      type: 'probe-result',
      purpose: { type: 'health', taskId, instanceId, checkIndex: 0 },
      result: OK,
    });
    expect(driver.fire(timer(0))).toBe(10_000);
  });

  it('let a deployment end only when all of them pass', () => {
    const { driver, timer } = running({}, { protocol: 'TCP' });
    expect(driver.core.state.deployments.size).toBe(1);
    driver.check(timer(0), OK);
    expect(driver.core.state.deployments.size).toBe(1);
    driver.check(timer(1), { type: 'connected' });
    expect(driver.core.state.deployments.size).toBe(0);
    expect(taskCounts(driver.core.state, '/web')).toMatchObject({ tasksHealthy: 1, tasksUnhealthy: 0 });
    expect(driver.events().map(({ eventType }) => eventType)).toEqual([
      'health_status_changed_event',
      'instance_health_changed_event',
      'deployment_step_success',
      'deployment_success',
    ]);
  });

  it('overlook failures while the grace period lasts and nothing has passed yet', () => {
    const { driver, timer, results } = running({});
    driver.check(timer(0), BAD);
    expect(results()).toEqual([]);
    while (results().length === 0) driver.check(timer(0), BAD);
    expect(
      driver.nowMs - (driver.core.state.instances.ofApp('/web')[0]?.sinceMs ?? 0),
    ).toBeGreaterThanOrEqual(30_000);
    expect(results()[0]).toMatchObject({
      alive: false,
      consecutiveFailures: 1,
      lastFailureCause: 'HTTP status 500',
    });
  });

  it('count failures from the first success on, grace period or not, and forgive them after one', () => {
    const { driver, timer, results } = running({});
    driver.check(timer(0), OK);
    driver.check(timer(0), BAD);
    expect(results()[0]).toMatchObject({ alive: false, consecutiveFailures: 1 });
    driver.check(timer(0), OK);
    expect(results()[0]).toMatchObject({
      alive: true,
      consecutiveFailures: 0,
      lastFailureMs: expect.any(Number),
    });
  });

  it('end a task that fails too often, and say so', () => {
    const { driver, timer, taskId } = running({});
    driver.check(timer(0), OK);
    driver.check(timer(0), BAD);
    expect(driver.calls('KILL')).toEqual([]);
    driver.check(timer(0), { type: 'failed', message: 'connect ECONNREFUSED' });
    expect(driver.calls('KILL')).toHaveLength(1);
    expect(driver.events()).toContainEqual(
      expect.objectContaining({
        eventType: 'unhealthy_instance_kill_event',
        taskId,
        reason: 'connect ECONNREFUSED',
      }),
    );
    driver.status(taskId, 'TASK_KILLED');
    expect(driver.core.state.instances.ofApp('/web')).toMatchObject([{ condition: 'Scheduled' }]);
    expect(driver.core.state.backOffs.size).toBe(0);
  });

  it('never end a task when told not to', () => {
    const { driver, timer } = running({ maxConsecutiveFailures: 0 });
    driver.check(timer(0), OK);
    for (let failure = 0; failure < 20; failure++) {
      driver.check(timer(0), BAD);
      expect(driver.calls('KILL')).toEqual([]);
    }
  });

  it('take no result for that of a later task', () => {
    const { driver, timer, taskId, results } = running({});
    driver.fire(timer(0));
    const { probe } = driver;
    driver.status(taskId, 'TASK_FAILED');
    if (probe) driver.handle({ type: 'probe-result', purpose: probe.purpose, result: OK });
    expect(results()).toEqual([]);
  });
});

describe('health checks that the agent performs', () => {
  const healthy = (isHealthy: boolean) => ({
    healthy: isHealthy,
    reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED' as const,
  });

  it('count as the statuses say', () => {
    const { driver, taskId, results } = running({ protocol: 'COMMAND', command: { value: 'true' } });
    driver.status(taskId, 'TASK_RUNNING', healthy(false));
    driver.status(taskId, 'TASK_RUNNING', { ...healthy(false), message: 'exit 1' });
    expect(results()[0]).toMatchObject({ alive: false, consecutiveFailures: 2, lastFailureCause: 'exit 1' });
    driver.status(taskId, 'TASK_RUNNING', { healthy: false, reason: 'REASON_RECONCILIATION' });
    expect(results()[0]).toMatchObject({ consecutiveFailures: 2 });
    driver.status(taskId, 'TASK_RUNNING', healthy(true));
    expect(results()[0]).toMatchObject({ alive: true });
    expect(driver.core.state.deployments.size).toBe(0);
  });
});

describe('readiness checks', () => {
  const ready = appOf({
    id: '/web',
    portDefinitions: [{ port: 10_000, protocol: 'tcp', name: 'api', labels: {} }],
    readinessChecks: [
      {
        name: 'ready',
        protocol: 'HTTP',
        path: '/ready',
        portName: 'api',
        intervalSeconds: 3,
        timeoutSeconds: 1,
        httpStatusCodesForReady: [200, 201],
        preserveLastResponse: true,
      },
    ],
  });
  const answer = (status: number) => ({
    type: 'http' as const,
    status,
    contentType: 'text/plain',
    body: 'b',
  });

  it('hold a deployment until the instance says that it is ready', () => {
    const driver = new CoreDriver();
    const taskId = driver.launch(ready);
    driver.status(taskId, 'TASK_RUNNING');
    const [instance] = driver.core.state.instances.ofApp('/web');
    const timer = `readiness:${instance?.id ?? ''}` as const;
    expect(driver.fire(timer)).toBe(0);
    expect(driver.probe?.target).toEqual({
      type: 'http',
      url: 'http://10.0.0.1:31000/ready',
      keepsBody: true,
    });
    if (driver.probe) {
      const { purpose } = driver.probe;
      driver.handle({ type: 'probe-result', purpose, result: { type: 'failed', message: 'refused' } });
    }
    expect([...driver.core.state.readiness.values()]).toEqual([
      {
        name: 'ready',
        taskId,
        ready: false,
        lastResponse: { status: 504, contentType: 'text/plain', body: 'refused' },
      },
    ]);
    driver.check(timer, answer(503));
    expect(driver.core.state.deployments.size).toBe(1);
    driver.check(timer, answer(201));
    expect(driver.core.state.deployments.size).toBe(0);
    expect(driver.hasTimer(timer)).toBe(false);
  });

  it('are not asked of what is started again outside a deployment', () => {
    const driver = new CoreDriver();
    const taskId = driver.launch(ready);
    driver.status(taskId, 'TASK_RUNNING');
    const [instance] = driver.core.state.instances.ofApp('/web');
    driver.check(`readiness:${instance?.id ?? ''}`, answer(200));
    driver.status(taskId, 'TASK_KILLED');
    const again = driver.launch(ready);
    expect(again).toMatch(/_app\.2$/);
    driver.status(again, 'TASK_RUNNING');
    expect(driver.core.state.instances.ofApp('/web')).toMatchObject([{ isReady: true }]);
    expect(driver.core.state.deployments.size).toBe(0);
  });
});

describe('statuses', () => {
  it('are acknowledged when they bear a uuid, whoever they are about', () => {
    const { driver, taskId } = running();
    driver.status(taskId, 'TASK_RUNNING');
    expect(driver.calls('ACKNOWLEDGE')).toEqual([
      {
        type: 'ACKNOWLEDGE',
        acknowledge: { task_id: { value: taskId }, agent_id: { value: 'agent-1' }, uuid: 'u' },
      },
    ]);
    driver.status('web.instance-x._app.1', 'TASK_FAILED');
    expect(driver.calls('ACKNOWLEDGE')).toHaveLength(1);
    expect(driver.events()).toEqual([
      {
        eventType: 'unknown_instance_terminated_event',
        instanceId: 'web.instance-x',
        runSpecId: '/web',
        condition: 'Failed',
      },
    ]);
    const { status } = { status: { task_id: { value: taskId }, state: 'TASK_RUNNING' as const } };
    driver.handle({ type: 'master-event', event: { type: 'UPDATE', update: { status } } });
    expect(driver.effects).toEqual([]);
  });

  it('of running tasks that nobody knows have them ended', () => {
    const { driver } = running();
    driver.status('web.instance-x._app.1', 'TASK_RUNNING');
    expect(driver.calls('KILL')).toEqual([
      {
        type: 'KILL',
        kill: { task_id: { value: 'web.instance-x._app.1' }, agent_id: { value: 'agent-1' } },
      },
    ]);
    driver.status('somebody else', 'TASK_STAGING');
    expect(driver.calls('KILL')).toHaveLength(1);
  });

  it('do not take a task back when they come late', () => {
    const { driver, taskId } = running();
    driver.status(taskId, 'TASK_STARTING');
    expect(driver.core.state.instances.ofApp('/web')).toMatchObject([{ condition: 'Running' }]);
    expect(driver.events()).toEqual([]);
  });

  it('carry addresses and the results of checks', () => {
    const { driver, taskId } = running();
    driver.status(taskId, 'TASK_RUNNING', {
      check_status: { type: 'HTTP', http: { status_code: 200 } },
      container_status: {
        network_infos: [{ ip_addresses: [{ ip_address: '10.1.1.1', protocol: 'IPv4' }] }],
      },
    });
    expect(driver.core.state.instances.ofApp('/web')[0]?.task).toMatchObject({
      ipAddresses: [{ ipAddress: '10.1.1.1', protocol: 'IPv4' }],
      checkStatus: { http: { status_code: 200 } },
    });
    expect(driver.events()).toMatchObject([{ eventType: 'status_update_event', ports: [31_000] }]);
  });

  it('cut long messages', () => {
    const { driver, taskId } = running();
    driver.status(taskId, 'TASK_FAILED', { message: 'x'.repeat(50_000) });
    expect(driver.core.state.failures.get('/web')?.message).toHaveLength(10_000);
  });

  it('of a task that was killed for the guarantee of a role are kept as the reason, and it starts again', () => {
    const { driver, taskId } = running();
    const message = "Preempted: Role 'eng' lacks cpus:1 of its guarantee, and no more is free";
    driver.status(taskId, 'TASK_KILLED', { reason: 'REASON_CONTAINER_PREEMPTED', message });
    expect(driver.core.state.failures.get('/web')).toMatchObject({ state: 'TASK_KILLED', message });
    expect(driver.core.state.backOffs.size).toBe(0);
    expect(driver.core.state.instances.ofApp('/web')[0]?.condition).toBe('Scheduled');
  });

  it('of an agent that is drained end a delay', () => {
    const { driver, taskId } = running();
    driver.core.state.backOffs.set('/web', { configVersion: '', referenceMs: 0, delayMs: 1_000 });
    driver.status(taskId, 'TASK_GONE_BY_OPERATOR', { reason: 'REASON_AGENT_DRAINING' });
    expect(driver.core.state.backOffs.size).toBe(0);
  });

  it.each(['TASK_DROPPED', 'TASK_GONE'] as const)(
    'of tasks that the cluster lost (%s) cause no delay',
    (state) => {
      const { driver, taskId } = running();
      driver.status(taskId, state);
      expect(driver.core.state.backOffs.size).toBe(0);
    },
  );
});

describe('launches that come to nothing', () => {
  it('are asked about, and ended when it takes too long', () => {
    const driver = new CoreDriver();
    const taskId = driver.launch(app());
    let asked = 0;
    let killed = 0;
    for (let look = 0; look < 70; look++) {
      driver.fire('launches');
      if (driver.hasTimer('reconcile-again')) driver.fire('reconcile-again');
      asked += driver.calls('RECONCILE').length;
      killed += driver.calls('KILL').length;
    }
    expect(asked).toBeGreaterThan(3);
    driver.status(taskId, 'TASK_UNKNOWN');
    expect(driver.core.state.instances.ofApp('/web')).toMatchObject([
      { condition: 'Scheduled', incarnation: 1 },
    ]);
    expect(killed).toBeLessThanOrEqual(1);
  });
});
