import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sleeper } from '../support/sleeper.ts';
import { waitFor } from '../support/wait-for.ts';
import { shellTask } from './fake-master.ts';
import { onTestEnd, startTestCluster, temporaryFolder } from './test-agent.ts';

const QUICK = { delay_seconds: 0, interval_seconds: 0.05, timeout_seconds: 5, grace_period_seconds: 0 };

/** A server whose answers' status can be changed. */
const startTarget = async () => {
  const target = { status: 200, port: 0 };
  const server = createServer((_request, response) => {
    response.statusCode = target.status;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestEnd(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  target.port = (server.address() as AddressInfo).port;
  return target;
};

describe('a health check', () => {
  it('by command tells what changes, and ends the task after enough failures', async () => {
    const { master } = await startTestCluster();
    const folder = await temporaryFolder();
    const ok = join(folder, 'ok');
    writeFileSync(ok, '');
    const health_check = {
      ...QUICK,
      type: 'COMMAND' as const,
      consecutive_failures: 2,
      command: { value: `test -e ${ok}` },
    };
    master.launch(shellTask('task', 'sleep 1000', { health_check }));
    const healthy = await waitFor('it is healthy', () =>
      master.updates('task').find((status) => status.healthy === true),
    );
    expect(healthy).toMatchObject({
      state: 'TASK_RUNNING',
      reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED',
    });
    rmSync(ok);
    expect(await master.until('task', 'TASK_KILLED')).toMatchObject({ healthy: false });
    expect(master.updates('task').map(({ state, healthy: isHealthy }) => [state, isHealthy])).toEqual([
      ['TASK_STARTING', undefined],
      ['TASK_RUNNING', undefined],
      ['TASK_RUNNING', true],
      ['TASK_RUNNING', false],
      ['TASK_RUNNING', false],
      ['TASK_KILLING', undefined],
      ['TASK_KILLED', false],
    ]);
  });

  it('over HTTP follows the status of the answer', async () => {
    const { master } = await startTestCluster();
    const target = await startTarget();
    const health_check = {
      ...QUICK,
      type: 'HTTP' as const,
      consecutive_failures: 1,
      http: { port: target.port, path: '/up' },
    };
    master.launch(shellTask('task', 'sleep 1000', { health_check }));
    await waitFor('it is healthy', () => master.updates('task').some((status) => status.healthy === true));
    target.status = 503;
    await master.until('task', 'TASK_KILLED');
  });

  it('over TCP finds a port that nobody listens on', async () => {
    const { master } = await startTestCluster();
    const target = await startTarget();
    const good = { ...QUICK, type: 'TCP' as const, tcp: { port: target.port } };
    const bad = { ...QUICK, type: 'TCP' as const, consecutive_failures: 3, tcp: { port: 1 } };
    master.launch(
      shellTask('good', 'sleep 1000', { health_check: good }),
      shellTask('bad', 'sleep 1000', { health_check: bad }),
    );
    await master.until('bad', 'TASK_KILLED');
    expect(
      master.updates('bad').filter(({ state, healthy }) => state === 'TASK_RUNNING' && healthy === false),
    ).toHaveLength(3);
    await waitFor('it is healthy', () => master.updates('good').some((status) => status.healthy === true));
  });

  it('does not count failures within the grace period before the first success', async () => {
    const { master } = await startTestCluster();
    const folder = await temporaryFolder();
    const tries = join(folder, 'tries');
    const health_check = {
      ...QUICK,
      type: 'COMMAND' as const,
      grace_period_seconds: 1000,
      consecutive_failures: 1,
      command: { value: `echo >> ${tries}; test $(wc -l < ${tries}) -ge 4` },
    };
    master.launch(shellTask('slow', 'sleep 1000', { health_check }));
    await waitFor('it is healthy', () => master.updates('slow').some(({ healthy }) => healthy === true));
    expect(master.updates('slow').some(({ healthy }) => healthy === false)).toBe(false);
  });

  it('that takes too long has failed, and nothing of it is left', async () => {
    const { master } = await startTestCluster();
    const hanging = sleeper();
    const health_check = {
      ...QUICK,
      type: 'COMMAND' as const,
      timeout_seconds: 0.2,
      consecutive_failures: 1,
      command: { value: hanging.command },
    };
    master.launch(shellTask('hangs', 'sleep 1000', { health_check }));
    await master.until('hangs', 'TASK_KILLED');
    await waitFor('the check is gone', () => hanging.pid() === undefined);
  });
});

describe('a general check', () => {
  it('is part of every status, tells each new result and ends nothing', async () => {
    const { master } = await startTestCluster();
    const folder = await temporaryFolder();
    const code = join(folder, 'code');
    writeFileSync(code, '3');
    const check = {
      delay_seconds: 0,
      interval_seconds: 0.05,
      type: 'COMMAND' as const,
      command: { command: { value: `exit $(cat ${code})` } },
    };
    master.launch(shellTask('task', 'sleep 1000', { check }));
    await waitFor('the first result', () =>
      master.updates('task').some(({ check_status }) => check_status?.command?.exit_code === 3),
    );
    writeFileSync(code, '0');
    await waitFor('the second result', () =>
      master.updates('task').some(({ check_status }) => check_status?.command?.exit_code === 0),
    );
    expect(
      master.updates('task').map(({ state, check_status }) => [state, check_status?.command?.exit_code]),
    ).toEqual([
      ['TASK_STARTING', undefined],
      ['TASK_RUNNING', undefined],
      ['TASK_RUNNING', 3],
      ['TASK_RUNNING', 0],
    ]);
    expect(master.updates('task')[0]?.check_status).toEqual({ type: 'COMMAND', command: {} });
  });
});
