import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { request } from '../../../src/http/client.ts';
import type { Call } from '../../../src/mesos/generated/agent.ts';
import type { ContainerID } from '../../../src/mesos/generated/mesos.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startTestCluster, type TestCluster } from '../test-agent.ts';
import { ask, openSession, wait } from './agent-caller.ts';
import { running, uniqueSleep } from './processes.ts';
import { startTask } from './start-task.ts';

const launch = (container_id: ContainerID, command: string): Call => ({
  type: 'LAUNCH_CONTAINER',
  launch_container: { container_id, command: { value: command } },
});
const kill = (container_id: ContainerID, signal?: number): Call => ({
  type: 'KILL_CONTAINER',
  kill_container: { container_id, ...(signal === undefined ? {} : { signal }) },
});
const remove = (container_id: ContainerID): Call => ({
  type: 'REMOVE_CONTAINER',
  remove_container: { container_id },
});
const listed = async (cluster: TestCluster): Promise<unknown[]> => {
  const { text } = await ask(cluster, {
    type: 'GET_CONTAINERS',
    get_containers: { show_nested: true, show_standalone: true },
  });
  const { get_containers } = JSON.parse(text) as {
    get_containers?: { containers: { container_status: { container_id: unknown } }[] };
  };
  return (get_containers?.containers ?? []).map(({ container_status }) => container_status.container_id);
};

describe('a standalone container', () => {
  it('runs in a sandbox of its own until it is killed, and its exit is kept until it is removed', async () => {
    const cluster = await startTestCluster();
    const id = { value: 'alone' };
    const command = uniqueSleep();
    expect(await ask(cluster, launch(id, `echo out; exec ${command}`))).toMatchObject({
      status: 200,
      text: '',
    });
    expect((await ask(cluster, launch(id, 'true'))).status).toBe(202);
    const sandbox = join(cluster.folder, 'containers', 'alone');
    await waitFor('its output', async () => (await readFile(join(sandbox, 'stdout'), 'utf8')) === 'out\n');
    expect(await listed(cluster)).toEqual([id]);
    expect(await ask(cluster, remove(id))).toMatchObject({
      status: 500,
      text: 'Nested container has not terminated yet',
    });
    expect((await ask(cluster, kill(id))).status).toBe(200);
    expect(await wait(cluster, id)).toEqual({ exit_status: 9 });
    expect(running(command)).toEqual([]);
    expect((await ask(cluster, remove(id))).status).toBe(200);
    expect((await ask(cluster, remove(id))).status).toBe(200);
    await waitFor('its sandbox to go', () => !existsSync(sandbox));
    expect(await ask(cluster, kill(id))).toMatchObject({
      status: 404,
      text: "Container 'alone' cannot be found (or is already killed)",
    });
  });

  it('outlives the agent, and so does how it ended', async () => {
    const cluster = await startTestCluster();
    const [first, second] = [{ value: 'first' }, { value: 'second' }];
    const stop = join(cluster.folder, 'stop');
    await ask(cluster, launch(first, `while [ ! -e ${stop} ]; do sleep 0.05; done; exit 6`));
    await ask(cluster, launch(second, 'exit 7'));
    expect(await wait(cluster, second)).toEqual({ exit_status: 7 * 256 });
    await cluster.restart();
    const waiting = wait(cluster, first);
    expect(await listed(cluster)).toEqual([first]);
    const { body } = await request({ url: `${cluster.agent.url}/containers?show_standalone=true` });
    expect(JSON.parse(body.toString())).toMatchObject([
      { container_id: 'first', status: { container_id: first } },
    ]);
    await ask(cluster, launch({ value: 'other' }, `touch ${stop}`));
    expect(await waiting).toEqual({ exit_status: 6 * 256 });
    expect(await wait(cluster, second)).toEqual({ exit_status: 7 * 256 });
  });

  it('hears signals', async () => {
    const cluster = await startTestCluster();
    const id = { value: 'alone' };
    const ready = join(cluster.folder, 'ready');
    await ask(cluster, launch(id, `trap 'exit 9' USR1; touch ${ready}; while true; do sleep 0.05; done`));
    await waitFor('its trap', () => existsSync(ready));
    await ask(cluster, kill(id, 10));
    expect(await wait(cluster, id)).toEqual({ exit_status: 9 * 256 });
  });

  it('is refused with the reason when it cannot be launched', async () => {
    const cluster = await startTestCluster();
    const refused = async (call: object) => ask(cluster, JSON.stringify(call));
    expect(
      await refused({
        type: 'LAUNCH_CONTAINER',
        launch_container: { container_id: { value: 'x' }, command: { value: 'true', user: 'nobody-here' } },
      }),
    ).toMatchObject({ status: 400 });
    expect(
      await refused({ type: 'LAUNCH_CONTAINER', launch_container: { container_id: { value: 'x' } } }),
    ).toMatchObject({
      status: 400,
      text: "Failed to validate agent::Call: Expecting 'launch_container.command' to be present",
    });
    expect(await refused({ type: 'LAUNCH_CONTAINER' })).toMatchObject({ status: 400 });
    expect(
      await refused({ type: 'WAIT_CONTAINER', wait_container: { container_id: { value: '..' } } }),
    ).toMatchObject({
      status: 400,
    });
    expect(await listed(cluster)).toEqual([]);
  });
});

describe('a container nested in a task', () => {
  it('lies in its sandbox, can hold others and sessions, and ends with it', async () => {
    const { cluster, parent } = await startTask();
    const child = { value: 'child', parent };
    const grandchild = { value: 'grandchild', parent: child };
    const [one, two] = [uniqueSleep(), uniqueSleep()];
    expect((await ask(cluster, launch(child, `exec ${one}`))).status).toBe(200);
    expect((await ask(cluster, launch(grandchild, `exec ${two}`))).status).toBe(200);
    expect(await listed(cluster)).toEqual([parent, child, grandchild]);
    const session = await openSession(cluster, { value: 's', parent: grandchild }, 'pwd');
    await session.ended;
    expect(session.text().trim()).toMatch(
      new RegExp(`${parent.value}/containers/child/containers/grandchild$`),
    );
    await waitFor('both to run', () => running(one).length + running(two).length === 2);
    cluster.master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: 't1' } } });
    await cluster.master.until('t1', 'TASK_KILLED');
    await waitFor('both to end', () => running(one).length + running(two).length === 0);
    await waitFor('nothing to be known any more', async () => (await listed(cluster)).length === 0);
  });

  it('is refused below what does not run', async () => {
    const cluster = await startTestCluster();
    expect(await ask(cluster, launch({ value: 'x', parent: { value: 'nobody' } }, 'true'))).toMatchObject({
      status: 400,
      text: 'Parent container nobody does not exist',
    });
  });
});
