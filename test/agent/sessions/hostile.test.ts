import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { temporaryFolder } from '../test-agent.ts';
import { ask, openInput, openSession } from './agent-caller.ts';
import { startTask } from './start-task.ts';

describe('a task that puts a link in the place of what the agent makes in its sandbox', () => {
  it('has no nested container launched there', async () => {
    const outside = await temporaryFolder();
    const { cluster, parent } = await startTask({ command: `ln -s ${outside} containers; exec sleep 1000` });
    const place = join(cluster.folder, 'slaves/agent-0/frameworks/fw/executors/t1/runs/latest/containers');
    await waitFor('the link', () => existsSync(place));
    const container_id = { value: 'nested', parent };
    const { status, text } = await ask(cluster, {
      type: 'LAUNCH_NESTED_CONTAINER',
      launch_nested_container: { container_id, command: { value: 'true' } },
    });
    expect([status, text]).toEqual([400, expect.stringContaining('containers is no folder any more')]);
    expect(readdirSync(outside)).toEqual([]);
  });
});

describe('input that is no good', () => {
  it.each([
    [
      'a record of 10^18 bytes',
      '1000000000000000000\n',
      400,
      'A record of 1000000000000000000 bytes is too long',
    ],
    ['no length', 'x'.repeat(100), 400, 'The stream is not RecordIO'],
    ['no JSON', '3\n{x}', 400, /^Failed to parse body into JSON/],
    [
      'a second container',
      record({ type: 'CONTAINER_ID', container_id: { value: 'x' } }),
      400,
      "Expecting 'attach_container_input.type' to be 'PROCESS_IO' instead of: 'CONTAINER_ID'",
    ],
    [
      'output',
      record({ type: 'PROCESS_IO', process_io: { type: 'DATA', data: { type: 'STDOUT', data: '' } } }),
      400,
      "Expecting 'process_io.data.type' to be 'STDIN'",
    ],
    [
      'a window without a size',
      record({
        type: 'PROCESS_IO',
        process_io: { type: 'CONTROL', control: { type: 'TTY_INFO', tty_info: {} } },
      }),
      400,
      "Expecting 'tty_info.window_size' to be present",
    ],
  ] as const)('ends the call and nothing else: %s', async (_what, text, status, said) => {
    const { cluster, parent } = await startTask();
    const id = { value: 's', parent };
    const output = await openSession(cluster, id, 'cat');
    const bad = openInput(cluster, id);
    await bad.raw(text);
    const answer = await bad.answer;
    expect(answer.status).toBe(status);
    if (typeof said === 'string') expect(answer.text).toBe(said);
    else expect(answer.text).toMatch(said);
    bad.cut();
    const good = openInput(cluster, id);
    await good.say('still here');
    await waitFor('the session to go on', () => output.text() === 'still here');
    good.cut();
    output.cut();
  });

  it('is refused before it begins: for nobody, for what has no terminal, in the wrong order, or nothing at all', async () => {
    const { cluster, parent } = await startTask();
    const nobody = openInput(cluster, { value: 'nobody' });
    expect(await nobody.answer).toMatchObject({ status: 404, text: 'Container nobody cannot be found' });
    const task = openInput(cluster, parent);
    expect(await task.answer).toMatchObject({
      status: 500,
      text: 'I/O switchboard server was disabled for this container',
    });
    const early = openInput(cluster);
    await early.say('too early');
    expect(await early.answer).toMatchObject({
      status: 400,
      text: "Expecting 'attach_container_input.type' to be CONTAINER_ID",
    });
    const silent = openInput(cluster);
    silent.end();
    expect(await silent.answer).toMatchObject({
      status: 400,
      text: 'Received EOF while reading request body',
    });
    for (const input of [nobody, task, early]) input.cut();
  });

  it('goes nowhere when the session has ended', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's', parent };
    await (await openSession(cluster, id, 'true')).ended;
    const late = openInput(cluster, id);
    expect(await late.answer).toMatchObject({ status: 500, text: 'I/O switchboard has shutdown' });
    late.cut();
    expect(
      await ask(cluster, { type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: { container_id: id } }),
    ).toMatchObject({ status: 500 });
  });

  it('is answered when its container ends while it is open', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's', parent };
    const output = await openSession(cluster, id, 'read line');
    const input = openInput(cluster, id);
    await input.say('go\n');
    await output.ended;
    expect((await input.answer).status).toBe(200);
  });
});

function record(attach_container_input: object): string {
  const text = JSON.stringify({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input });
  return `${Buffer.byteLength(text)}\n${text}`;
}
