import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  loadController,
  type RunningExecutor,
  readThresholds,
} from '../../src/agent/resources/qos-controller.ts';
import { request } from '../../src/http/client.ts';
import type { Resource, TaskInfo } from '../../src/mesos/generated/mesos.ts';
import { machineLoad } from '../../src/runtime/machine-load.ts';
import { sleeper } from '../support/sleeper.ts';
import { waitFor } from '../support/wait-for.ts';
import { FRAMEWORK, shellTask } from './fake-master.ts';
import { startTestCluster, temporaryFolder } from './test-agent.ts';

const REVOCABLE: Resource = {
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value: 1 },
  revocable: {},
  allocation_info: { role: '*' },
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('tasks with revocable resources', () => {
  it('end when a module says so, and others run on', async () => {
    const folder = await temporaryFolder();
    const module = join(folder, 'controller.mjs');
    await writeFile(
      module,
      `import { existsSync } from 'node:fs';
      export default () => ({ corrections: (executors) => existsSync(${JSON.stringify(join(folder, 'busy'))})
        ? executors.filter(({ resources }) => resources.some(({ revocable }) => revocable))
            .map(({ containerId }) => ({ containerId, reason: 'busy' })).concat({ containerId: 'unknown', reason: 'x' })
        : [] });`,
    );
    const { master, agent } = await startTestCluster({ qosController: module, qosIntervalMs: 50 });
    const [poor, old, firm] = [sleeper(), sleeper(), sleeper()];
    const revocable = (id: string, command: string): TaskInfo =>
      shellTask(id, command, { resources: [REVOCABLE] });
    master.launch(revocable('poor', poor.command), shellTask('firm', firm.command));
    const unaware = { ...FRAMEWORK, id: { value: 'old' }, capabilities: [{ type: 'MULTI_ROLE' as const }] };
    const launch = { framework_info: unaware, tasks: [revocable('unaware', old.command)], is_group: false };
    master.send({ type: 'LAUNCH', launch });
    for (const id of ['poor', 'firm', 'unaware']) await master.until(id, 'TASK_RUNNING');
    const pids = await Promise.all([poor, old].map(({ pid }) => waitFor('it runs', pid)));
    await writeFile(join(folder, 'busy'), '');
    const told = { reason: 'REASON_CONTAINER_PREEMPTED', message: 'Container preempted by QoS correction' };
    expect(await master.until('poor', 'TASK_GONE')).toMatchObject(told);
    expect(await master.until('unaware', 'TASK_LOST')).toMatchObject(told);
    for (const pid of pids) await waitFor('its processes are gone', () => !isRunning(pid));
    expect(master.states('firm')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
    const { body } = await request({ url: `${agent.url}/metrics/snapshot` });
    expect(JSON.parse(body.toString())['slave/executors_preempted']).toBe(2);
  });

  it('all end on a machine whose load is over a threshold', () => {
    const executor = (containerId: string, resource: Resource): RunningExecutor => ({
      containerId,
      frameworkId: 'fw',
      executorId: containerId,
      resources: [resource],
      statistics: { timestamp: 0 },
    });
    const { revocable: _never, ...firm } = REVOCABLE;
    const executors = [executor('poor', REVOCABLE), executor('firm', firm)];
    const at = (load5: number, load15: number) => () => ({ ...machineLoad(), load5, load15 });
    const thresholds = readThresholds('{"load_threshold_5min": 8, "load_threshold_15min": 6}');
    const corrections = (load5: number, load15: number) =>
      loadController(thresholds, at(load5, load15)).corrections(executors);
    expect(corrections(8, 6)).toEqual([]);
    expect(corrections(8.5, 6)).toEqual([
      { containerId: 'poor', reason: 'the load of 5 minutes is 8.5, over 8' },
    ]);
    expect(corrections(1, 7)).toEqual([
      { containerId: 'poor', reason: 'the load of 15 minutes is 7, over 6' },
    ]);
  });

  it.each([
    '{',
    '{}',
    '{"load":1}',
    '{"load_threshold_5min":"8"}',
    '{"load_threshold_5min":0}',
    '/no/such.mjs',
  ])('are not looked after by what is no controller: %s', async (qosController) => {
    await expect(startTestCluster({ qosController })).rejects.toThrow(/qos_controller|such\.mjs/);
  });
});
