import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProcessIO } from '../../../src/mesos/generated/agent.ts';
import { readRecords } from '../../../src/mesos/recordio.ts';
import { waitFor } from '../../support/wait-for.ts';
import { ask, openInput, openOutput, openSession, openUnread, wait } from './agent-caller.ts';
import { running, uniqueSleep } from './processes.ts';
import { startTask } from './start-task.ts';

describe('a session inside a task', () => {
  it('passes on what its command prints, each stream for itself, and its exit is kept', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's1', parent };
    const output = await openSession(cluster, id, 'echo to-out; echo to-err >&2; exit 4');
    await output.ended;
    expect(output.status).toBe(200);
    expect(output.headers).toMatchObject({
      'content-type': 'application/recordio',
      'message-content-type': 'application/json',
    });
    expect([output.text('STDOUT'), output.text('STDERR')]).toEqual(['to-out\n', 'to-err\n']);
    expect(await wait(cluster, id)).toEqual({ exit_status: 4 * 256 });
    expect(
      (await ask(cluster, { type: 'REMOVE_CONTAINER', remove_container: { container_id: id } })).status,
    ).toBe(200);
    expect(await wait(cluster, id)).toBe(`Container ${parent.value}.s1 cannot be found`);
  });

  it('has the environment and the folder of the task, and its standard streams can be opened by name', async () => {
    const { cluster, parent } = await startTask();
    const output = await openSession(
      cluster,
      { value: 's1', parent },
      'echo $MESOS_TASK_ID; pwd; echo x >/dev/stderr',
    );
    await output.ended;
    const [task, folder = ''] = output.text().split('\n');
    expect(task).toBe('t1');
    expect(existsSync(join(folder, 'stdout'))).toBe(true);
    expect(output.text('STDERR')).toBe('x\n');
  });

  it.skipIf(process.getuid?.() !== 0)(
    'runs as another user where that is asked for, and only as one that is known',
    async () => {
      const { cluster, parent } = await startTask();
      for (const terminal of [undefined, { rows: 24, columns: 80 }]) {
        const output = await openSession(
          cluster,
          { value: `s${terminal?.rows}`, parent },
          'id -un; ls -1; echo x >/dev/stderr',
          {
            user: 'nobody',
            ...(terminal ? { terminal } : {}),
          },
        );
        await output.ended;
        expect(output.text().split(/\r?\n/).slice(0, 3)).toEqual(['nobody', 'stderr', 'stdout']);
        expect(output.text(terminal ? 'STDOUT' : 'STDERR')).toContain('x');
      }
      const nobody = await openSession(cluster, { value: 'unknown', parent }, 'true', {
        user: 'no-such-user',
      });
      expect(nobody.status).toBe(400);
    },
  );

  it('tells the signal that ended its command', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's1', parent };
    await (await openSession(cluster, id, 'kill -9 $$')).ended;
    expect(await wait(cluster, id)).toEqual({ exit_status: 9 });
  });

  it('takes input until its end', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's1', parent };
    const output = await openSession(cluster, id, 'cat');
    const input = openInput(cluster, id);
    await input.say('hello ');
    await input.record({
      type: 'CONTROL',
      control: { type: 'HEARTBEAT', heartbeat: { interval: { nanoseconds: 1 } } },
    });
    await input.say('world');
    await input.say('');
    await output.ended;
    expect(output.text()).toBe('hello world');
    input.end();
    expect((await input.answer).status).toBe(200);
    expect(await wait(cluster, id)).toEqual({ exit_status: 0 });
  });

  it('can be attached to again when an input has ended, and by one at a time', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's1', parent };
    const output = await openSession(cluster, id, 'cat');
    const probe = openInput(cluster, id);
    probe.end();
    expect(await probe.answer).toMatchObject({ status: 200, text: '' });
    expect((await probe.answer).headers['content-type']).toBeUndefined();
    const input = openInput(cluster, id);
    await input.say('one');
    await waitFor('the first words', () => output.text() === 'one');
    const second = openInput(cluster, id);
    expect(await second.answer).toMatchObject({
      status: 409,
      text: 'Multiple input connections are not allowed',
    });
    second.cut();
    await input.say('');
    input.end();
    await output.ended;
  });

  it('is killed, with all that it started, when its reader goes away', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's1', parent };
    const [one, other] = [uniqueSleep(), uniqueSleep()];
    const output = await openSession(
      cluster,
      id,
      `(trap "" HUP; ${one}) & setsid ${other} & echo both; wait`,
    );
    await waitFor('both to run', () => running(one).length === 1 && running(other).length === 1);
    output.cut();
    await waitFor('its processes to end', () => [...running(one), ...running(other)].length === 0);
    expect(await wait(cluster, id)).toEqual({ exit_status: 9 });
  });

  it('ends with its task', async () => {
    const { cluster, parent } = await startTask();
    const output = await openSession(cluster, { value: 's1', parent }, 'sleep 1000');
    cluster.master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: 't1' } } });
    await output.ended;
  });

  it('has several readers, each of which hears everything from its coming on', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's1', parent };
    const output = await openSession(cluster, id, 'echo before; read x; echo $x');
    await waitFor('the first line', () => output.text() === 'before\n');
    const other = await openOutput(cluster, {
      type: 'ATTACH_CONTAINER_OUTPUT',
      attach_container_output: { container_id: id },
    });
    const input = openInput(cluster, id);
    await input.say('after\n');
    await Promise.all([output.ended, other.ended]);
    expect([output.text(), other.text()]).toEqual(['before\nafter\n', 'after\n']);
    input.end();
  });

  it('waits for a reader that is slow, instead of keeping what it prints', async () => {
    const { cluster, parent } = await startTask();
    const count = join(cluster.folder, 'written');
    const { response, close } = await openUnread(cluster, {
      type: 'LAUNCH_NESTED_CONTAINER_SESSION',
      launch_nested_container_session: {
        container_id: { value: 's1', parent },
        command: {
          value: `i=0; while [ $i -lt 200 ]; do head -c 1048576 /dev/zero; i=$((i+1)); echo $i >${count}; done`,
        },
      },
    });
    const written = async (): Promise<number> => Number(await readFile(count, 'utf8').catch(() => 0));
    // Stands still: as much as before after a time in which all would have been written.
    const stuck = await waitFor('it to wait', async () => {
      const before = await written();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return before > 0 && before === (await written()) ? before : undefined;
    });
    expect(stuck).toBeLessThan(50);
    let bytes = 0;
    for await (const record of readRecords(response, 1024 * 1024)) {
      const { data } = JSON.parse(record.toString()) as ProcessIO;
      bytes += Buffer.from(data?.data ?? '', 'base64').length;
    }
    expect(bytes).toBe(200 * 1024 * 1024);
    close();
  }, 120_000);

  it('is answered as Mesos would when it cannot be', async () => {
    const { cluster, parent } = await startTask();
    const nowhere = await openSession(cluster, { value: 's1', parent: { value: 'nobody' } }, 'true');
    expect(nowhere.status).toBe(400);
    const id = { value: 's2', parent };
    await (await openSession(cluster, id, 'true')).ended;
    expect((await openSession(cluster, id, 'true')).status).toBe(202);
    const call = (container_id: object) =>
      ask(
        cluster,
        JSON.stringify({
          type: 'LAUNCH_NESTED_CONTAINER_SESSION',
          launch_nested_container_session: { container_id, command: { value: 'true' } },
        }),
      );
    expect(await call({ value: 'a' })).toMatchObject({
      status: 400,
      text: "Failed to validate agent::Call: Expecting 'launch_nested_container_session.container_id.parent' to be present",
    });
    expect(await call({ value: 'a.b', parent })).toMatchObject({
      status: 400,
      text: "Failed to validate agent::Call: 'launch_nested_container_session.container_id' is invalid: 'a.b' contains invalid characters",
    });
  });
});
