import { describe, expect, it } from 'vitest';
import { findHostPrograms } from '../../../src/agent/processes/host-programs.ts';
import { waitFor } from '../../support/wait-for.ts';
import { openInput, openSession, wait } from './agent-caller.ts';
import { startTask } from './start-task.ts';

const hasTerminals = findHostPrograms().script !== undefined;

describe.skipIf(!hasTerminals)('a session with a terminal', () => {
  it('has one, of the size that was wanted, whose output is one stream', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's1', parent };
    const output = await openSession(cluster, id, 'stty size; echo problem >&2; test -t 0 && exit 3', {
      terminal: { rows: 33, columns: 111 },
    });
    await output.ended;
    expect(output.text('STDOUT')).toBe('33 111\r\nproblem\r\n');
    expect(output.text('STDERR')).toBe('');
    expect(await wait(cluster, id)).toEqual({ exit_status: 3 * 256 });
  });

  it('hears of a new size, of what is typed, and of Ctrl-C', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's1', parent };
    const output = await openSession(cluster, id, 'sh', { terminal: { rows: 24, columns: 80 } });
    const input = openInput(cluster, id);
    await input.record({
      type: 'CONTROL',
      control: { type: 'TTY_INFO', tty_info: { window_size: { rows: 50, columns: 200 } } },
    });
    await input.say('stty size\n');
    await waitFor('the new size', () => output.text().includes('50 200'));
    await input.say('echo wai"ts"; sleep 100000\n');
    await waitFor('the command to run', () => output.text().includes('waits'));
    await input.say('\u0003');
    await input.say('echo still the"re"\n');
    await waitFor('the shell to go on', () => output.text().includes('still there'));
    await input.say('exit 5\n');
    await output.ended;
    expect(await wait(cluster, id)).toEqual({ exit_status: 5 * 256 });
    input.end();
  });

  it('ends at the end of input that is typed', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's1', parent };
    const output = await openSession(cluster, id, 'cat; echo over', { terminal: { rows: 24, columns: 80 } });
    const input = openInput(cluster, id);
    await input.say('words\n');
    // Empty input is nothing to a terminal.
    await input.say('');
    await input.say('\u0004');
    await output.ended;
    expect(output.text()).toContain('over');
    input.end();
  });
});

describe('a session without a terminal', () => {
  it('has no window', async () => {
    const { cluster, parent } = await startTask();
    const id = { value: 's1', parent };
    const output = await openSession(cluster, id, 'cat');
    const input = openInput(cluster, id);
    await input.record({
      type: 'CONTROL',
      control: { type: 'TTY_INFO', tty_info: { window_size: { rows: 1, columns: 1 } } },
    });
    expect(await input.answer).toMatchObject({
      status: 400,
      text: 'Unable to set the window size: the container has no terminal',
    });
    output.cut();
  });
});
