import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { ask, openInput, openOutput } from './agent-caller.ts';
import { startTask } from './start-task.ts';

const hasTerminals = spawnSync('script', ['--version']).status === 0;

const inTerminal = {
  command: 'echo "size $(stty size)"; while read line; do echo "heard $line in $(stty size)"; done',
  task: { container: { type: 'MESOS', tty_info: { window_size: { rows: 20, columns: 70 } } } },
} as const;

describe.skipIf(!hasTerminals)('a task with a terminal', () => {
  it('can be attached to, also by several readers and after the agent was started anew', async () => {
    const { cluster, parent } = await startTask(inTerminal);
    const attach = () =>
      openOutput(cluster, {
        type: 'ATTACH_CONTAINER_OUTPUT',
        attach_container_output: { container_id: parent },
      });
    const [one, other] = [await attach(), await attach()];
    const input = await waitFor('its terminal', async () => {
      const opened = openInput(cluster, parent);
      const refused = await Promise.race([opened.answer, new Promise((resolve) => setTimeout(resolve, 200))]);
      return refused ? undefined : opened;
    });
    await input.say('one\n');
    await waitFor('both to hear it', () =>
      [one, other].every((output) => output.text().includes('heard one in 20 70')),
    );
    await input.record({
      type: 'CONTROL',
      control: { type: 'TTY_INFO', tty_info: { window_size: { rows: 40, columns: 120 } } },
    });
    await input.say('two\n');
    await waitFor('the new size', () => one.text().includes('heard two in 40 120'));
    input.end();
    expect(await input.answer).toMatchObject({ status: 200 });

    await cluster.restart();
    const late = await attach();
    const again = openInput(cluster, parent);
    await again.say('three\n');
    await waitFor('it to be heard', () => late.text().includes('heard three'));
    expect(late.text()).not.toContain('heard one');
    await again.say('\u0004');
    await late.ended;
    expect(await cluster.master.until('t1', 'TASK_FINISHED')).toMatchObject({ state: 'TASK_FINISHED' });
    again.end();
  }, 60_000);

  it('keeps what it printed in its sandbox', async () => {
    const { cluster, parent } = await startTask({ ...inTerminal, command: 'echo kept; test -t 1 && exit 3' });
    expect(await cluster.master.until('t1', 'TASK_FAILED')).toMatchObject({
      message: 'Command exited with status 3',
    });
    const gone = await ask(cluster, {
      type: 'ATTACH_CONTAINER_OUTPUT',
      attach_container_output: { container_id: parent },
    });
    expect(gone.status).toBe(404);
  });
});
