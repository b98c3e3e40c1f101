import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/errors/command-exit.ts';
import { DetachKeys, parseKeys } from '../../src/cli/tasks/detach-keys.ts';
import { splitCommand } from '../../src/cli/tasks/split-command.ts';
import { containerOf, findRunningTask } from '../../src/cli/tasks/task-container.ts';
import type { MesosTask } from '../../src/clients/mesos-types.ts';

describe('the arguments of task exec', () => {
  const split = (...argv: string[]) => splitCommand(argv, ['--user', '-u']);

  it('belong to the command from the program on', () => {
    expect(split('-i', '--user', 'bob', 'web', 'ls', '-l', '--user')).toEqual({
      own: ['-i', '--user', 'bob', 'web', 'ls'],
      command: ['ls', '-l', '--user'],
    });
  });

  it('may be parted by two dashes', () => {
    const expected = { own: ['-t', 'web', 'ls'], command: ['ls', '--', '-l'] };
    expect(split('-t', 'web', '--', 'ls', '--', '-l')).toEqual(expected);
    expect(split('-t', '--', 'web', 'ls', '--', '-l')).toEqual(expected);
  });

  it('may be missing', () => {
    expect(split()).toEqual({ own: [], command: [] });
    expect(split('web')).toEqual({ own: ['web'], command: [] });
  });
});

describe('the keys to detach', () => {
  const typed = (keys: string | undefined, ...pieces: string[]) => {
    const detach = new DetachKeys(parseKeys(keys));
    return pieces.map((piece) => {
      const { bytes, isDetached } = detach.take(Buffer.from(piece));
      return isDetached ? `${bytes}|` : String(bytes);
    });
  };

  it('are Ctrl-P and Ctrl-Q, whatever pieces they come in', () => {
    expect(typed(undefined, 'ab\u0010\u0011cd')).toEqual(['ab|']);
    expect(typed(undefined, 'a\u0010', '\u0011')).toEqual(['a', '|']);
  });

  it('are passed on when others follow the first', () => {
    expect(typed(undefined, '\u0010', 'x\u0010\u0010', '\u0011')).toEqual(['', '\u0010x\u0010', '|']);
  });

  it('can be others', () => {
    expect(typed('ctrl-],x', 'a\u001dx')).toEqual(['a|']);
    expect(() => parseKeys('ctrl-?')).toThrow('"ctrl-?" is no key to detach with');
    expect(() => parseKeys('')).toThrow('is no key');
  });
});

it('gives the code of an exit, and 128 more than the number of a signal', () => {
  expect([0, 256 * 4, 256 * 255, 9, 15].map(exitCodeOf)).toEqual([0, 4, 255, 137, 143]);
});

describe('the task that is meant', () => {
  const task = (id: string, state = 'TASK_RUNNING'): MesosTask => ({
    id,
    name: id,
    framework_id: 'f',
    executor_id: '',
    slave_id: 's',
    state,
    resources: {},
    statuses: [
      {
        state: 'TASK_STARTING',
        timestamp: 1,
        container_status: { container_id: { value: 'c', parent: { value: 'p' } } },
      },
      { state: 'TASK_RUNNING', timestamp: 2 },
    ],
  });

  it('is one that runs', () => {
    expect(findRunningTask([task('web.1'), task('web.2', 'TASK_FAILED')], 'web').id).toBe('web.1');
    expect(() => findRunningTask([task('web.1'), task('web.2')], 'web')).toThrow('2 tasks match "web"');
    expect(findRunningTask([task('web.1'), task('web.12')], 'web.1').id).toBe('web.1');
    expect(() => findRunningTask([task('web.2', 'TASK_FAILED')], 'web.2')).toThrow('has ended');
  });

  it('has told its container in some status', () => {
    expect(containerOf(task('web'))).toEqual({ value: 'c', parent: { value: 'p' } });
    expect(() => containerOf({ ...task('web'), statuses: [] })).toThrow('has not told');
  });
});
