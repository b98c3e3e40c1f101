import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { request } from '../../../src/http/client.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { JsonObject } from '../captures.ts';
import { at, type EventStream, type Scheduler } from '../scheduler.ts';
import { untilRemoved } from '../views.ts';
import type { Walk } from '../walk.ts';
import { MASTER_ID } from './master-id.ts';

/** The captured command, and one that leaves the talking to this test, until it is told to go. */
const COMMANDS = [
  'exec python3 /usr/mesos/golden-tools/ex_py.py',
  'env > environment; while [ ! -e enough ]; do sleep 0.05; done',
] as const;

/** Of the variables that the captured executor found, those that say what it has to know. */
const VARIABLES = [
  'GOLD',
  'MESOS_AGENT_ENDPOINT',
  'MESOS_CHECKPOINT',
  'MESOS_DIRECTORY',
  'MESOS_EXECUTOR_ID',
  'MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD',
  'MESOS_FRAMEWORK_ID',
  'MESOS_HTTP_COMMAND_EXECUTOR',
  'MESOS_SANDBOX',
  'MESOS_SLAVE_ID',
  'MESOS_SLAVE_PID',
];

/** An executor of one's own, played by this test. */
export const walkExecutor = (walk: Walk): void => {
  let scheduler: Scheduler;
  let executor: EventStream;
  let sandbox = '';

  const call = async (type: string, body: JsonObject): Promise<number> => {
    const { status } = await request({
      method: 'POST',
      url: `${walk.cluster.agentUrl}/api/v1/executor`,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        type,
        framework_id: { value: scheduler.frameworkId },
        executor_id: { value: 'pyex' },
        [type.toLowerCase()]: body,
      }),
    });
    return status;
  };
  /** As the captured executor did at a LAUNCH. */
  const runAndFinish = async (taskId: string): Promise<void> => {
    for (const state of ['TASK_RUNNING', 'TASK_FINISHED']) {
      const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');
      const status = {
        task_id: { value: taskId },
        state,
        source: 'SOURCE_EXECUTOR',
        executor_id: { value: 'pyex' },
        uuid,
        timestamp: Date.now() / 1000,
      };
      expect(await call('UPDATE', { status })).toBe(walk.golden(`exec-02-UPDATE-${state}`).status);
    }
    await walk.seen(scheduler, taskId, 2);
  };

  walk.step('a scheduler subscribes', async () => {
    walk.rewriteAlso(COMMANDS);
    scheduler = await walk.subscribe('sched-50-SUBSCRIBE-custom-executor');
  });
  walk.answers('sched-51-ACCEPT-LAUNCH-custom-executor');
  walk.step('its executor subscribes and runs the task', async () => {
    sandbox = await waitFor('the executor', async () => {
      const { body } = await request({ url: `${walk.cluster.agentUrl}/state` });
      return /"directory":"([^"]+\/pyex\/[^"]+)"/.exec(body.toString('utf8'))?.[1];
    });
    await waitFor('its environment', () => readFile(join(sandbox, 'environment'), 'utf8').then(Boolean));
    executor = await walk.open('exec-01-SUBSCRIBE');
    await runAndFinish('e-1');
  });
  walk.check('it found the variables of an executor', async () => {
    const text = await readFile(join(sandbox, 'environment'), 'utf8');
    const found = Object.fromEntries(text.split('\n').map((line) => line.split(/=(.*)/s)));
    expect(VARIABLES.filter((name) => found[name] === undefined)).toEqual([]);
    expect(found).toMatchObject({
      MESOS_DIRECTORY: sandbox,
      MESOS_EXECUTOR_ID: 'pyex',
      MESOS_FRAMEWORK_ID: scheduler.frameworkId,
      MESOS_CHECKPOINT: '0',
      MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
    });
  });
  walk.answers('sched-52-MESSAGE-to-executor');
  walk.step('the executor hears it', () => walk.seen(executor, 'MESSAGE', 1));
  walk.answers('exec-03-MESSAGE');
  walk.step('the scheduler hears the answer', () => walk.seen(scheduler, 'MESSAGE', 1));
  walk.answers(/^exec-04/);
  walk.step('the executor runs another task', async () => {
    const [{ data: _data, ...task } = {}] = walk.taskInfos('sched-51-ACCEPT-LAUNCH-custom-executor');
    await walk.launch(
      scheduler,
      { ...task, name: 'e-2', task_id: { value: 'e-2' } },
      { id: `${MASTER_ID}-O49` },
    );
    await waitFor('the task at the executor', () =>
      executor.events.some(
        (event) => event.type === 'LAUNCH' && at(event, 'launch', 'task', 'task_id', 'value') === 'e-2',
      ),
    );
    await runAndFinish('e-2');
  });
  walk.answers('sched-53-SHUTDOWN-custom-executor');
  walk.step('the executor ends as it is told', async () => {
    await walk.seen(executor, 'SHUTDOWN', 1);
    await writeFile(join(sandbox, 'enough'), '');
    await walk.seen(scheduler, 'FAILURE', 1);
  });
  walk.check('both saw what the captured ones saw', async () => {
    walk.compareEvents(executor);
    walk.compareEvents(scheduler);
  });
  walk.step('the scheduler leaves', async () => {
    scheduler.close();
    await untilRemoved(walk.cluster.masterUrl, scheduler.frameworkId);
  });
};
